package io.sluice.datanode.region;

import io.sluice.datanode.point.TimeRange;
import java.util.List;

/**
 * What a pipe sends once more of a region, as a piece of its own: rows as they stand at a log
 * index.
 *
 * @param index the piece ends here
 */
public record Resend(long index, List<Part> parts) {
  public Resend {
    parts = List.copyOf(parts);
  }

  /** All series of a device within these times. */
  public record Part(String device, TimeRange times) {}
}
