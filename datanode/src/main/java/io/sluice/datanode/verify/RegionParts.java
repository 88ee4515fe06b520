package io.sluice.datanode.verify;

import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.datanode.point.SeriesInfo;
import java.util.ArrayList;
import java.util.List;

/** A region's series by device, in parts small enough for one question. Pure. */
final class RegionParts {
  /** So that a first cut has rows enough. */
  private static final int SERIES_MAX = 1_000;

  private RegionParts() {}

  /**
   * @param series ordered by key
   */
  static List<DigestPart> of(List<SeriesInfo> series) {
    List<DigestPart> parts = new ArrayList<>();
    String device = null;
    List<String> measurements = new ArrayList<>();
    int chars = 0;
    for (SeriesInfo one : series) {
      String measurement = one.spec().measurement();
      boolean full =
          measurements.size() == SERIES_MAX
              || chars + measurement.length() > DigestLimits.CHARS_MAX;
      if (!one.device().equals(device) || full) {
        add(parts, device, measurements);
        device = one.device();
        measurements = new ArrayList<>();
        chars = device.length();
      }
      measurements.add(measurement);
      chars += measurement.length();
    }
    add(parts, device, measurements);
    return parts;
  }

  private static void add(List<DigestPart> parts, String device, List<String> measurements) {
    if (!measurements.isEmpty()) {
      parts.add(new DigestPart(device, measurements));
    }
  }
}
