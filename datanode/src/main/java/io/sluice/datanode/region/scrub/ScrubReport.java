package io.sluice.datanode.region.scrub;

import java.util.List;
import java.util.UUID;

/**
 * What a look at the sealed files of a replica found.
 *
 * @param files looked at
 * @param bytes read
 * @param damaged files that were not what the manifest says, {@link #DAMAGED_MAX} at most
 * @param damagedCount all of them
 */
public record ScrubReport(
    UUID region, int files, long bytes, List<Found> damaged, int damagedCount) {
  /** A replica with more than these has lost its disk. */
  public static final int DAMAGED_MAX = 1_000;

  /**
   * A damaged file.
   *
   * @param path on its node
   * @param what is wrong with it, and why it is not repaired or from where it was
   */
  public record Found(String path, long lengthBytes, boolean repaired, String what) {}

  public static ScrubReport none(UUID region) {
    return new ScrubReport(region, 0, 0, List.of(), 0);
  }

  public ScrubReport {
    damaged = List.copyOf(damaged);
  }
}
