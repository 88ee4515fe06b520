package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * The encoding a column is written with: what its series asks for, unless the library's encoder
 * would give back other values than it was given. A chunk names its own encoding, so readers
 * follow.
 */
final class SafeEncoding {
  /** SPRINTZ doubles differences of neighbours without looking for overflow. */
  private static final long SPRINTZ_INT_MAX = 1L << 28;

  private static final long SPRINTZ_LONG_MAX = 1L << 60;

  private SafeEncoding() {}

  static TSEncoding of(SeriesSpec spec, PointBatch points) {
    boolean safe = spec.encoding() != TSEncoding.SPRINTZ || sprintzHolds(points);
    return safe ? spec.encoding() : TSEncoding.TS_2DIFF;
  }

  private static boolean sprintzHolds(PointBatch points) {
    boolean holds = true;
    if (points.values() instanceof int[] ints) {
      for (int i = 0; i < points.count(); i++) {
        holds &= -SPRINTZ_INT_MAX < ints[i] && ints[i] < SPRINTZ_INT_MAX;
      }
    } else if (points.values() instanceof long[] longs) {
      for (int i = 0; i < points.count(); i++) {
        holds &= -SPRINTZ_LONG_MAX < longs[i] && longs[i] < SPRINTZ_LONG_MAX;
      }
    }
    return holds;
  }
}
