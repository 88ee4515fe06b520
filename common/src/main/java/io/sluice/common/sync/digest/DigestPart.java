package io.sluice.common.sync.digest;

import java.util.List;

/**
 * Some series of one device, whose rows are compared as rows.
 *
 * @param device its path
 * @param measurements in the order in which they are hashed; one that does not exist has no points
 */
public record DigestPart(String device, List<String> measurements) {
  public DigestPart {
    measurements = List.copyOf(measurements);
  }

  /** What it counts for against {@link DigestLimits#CHARS_MAX}. */
  public int chars() {
    return device.length() + measurements.stream().mapToInt(String::length).sum();
  }
}
