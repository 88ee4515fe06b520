package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import java.util.EnumSet;
import java.util.Set;
import org.apache.tsfile.enums.TSDataType;
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

  /**
   * The ones that give back every FLOAT and DOUBLE as it was; the others round, or mix up signs.
   */
  private static final Set<TSEncoding> LOSSLESS_FOR_FRACTIONS =
      EnumSet.of(TSEncoding.PLAIN, TSEncoding.GORILLA, TSEncoding.CHIMP);

  private SafeEncoding() {}

  static TSEncoding of(SeriesSpec spec, PointBatch points) {
    TSEncoding wanted = spec.encoding();
    boolean fractions = spec.type() == TSDataType.FLOAT || spec.type() == TSDataType.DOUBLE;
    if (fractions && !LOSSLESS_FOR_FRACTIONS.contains(wanted)) {
      return TSEncoding.GORILLA;
    }
    return wanted == TSEncoding.SPRINTZ && !sprintzHolds(points) ? TSEncoding.TS_2DIFF : wanted;
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
