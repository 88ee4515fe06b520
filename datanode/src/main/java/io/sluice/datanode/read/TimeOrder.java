package io.sluice.datanode.read;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.TimeRange;

/**
 * The order rows are read in, as a mapping of time stamps to keys that always ascend: everything
 * that merges works on keys, once, for both orders. Descending keys are complements, so that no
 * time stamp overflows.
 */
enum TimeOrder {
  ASCENDING {
    @Override
    long key(long time) {
      return time;
    }
  },
  DESCENDING {
    @Override
    long key(long time) {
      return ~time;
    }
  };

  static TimeOrder of(boolean descending) {
    return descending ? DESCENDING : ASCENDING;
  }

  /** Time stamp to key, and back. */
  abstract long key(long time);

  /** The first key of a range of time stamps. */
  long firstKey(TimeRange times) {
    return key(this == ASCENDING ? times.first() : times.last());
  }

  /** The last key of a range of time stamps. */
  long lastKey(TimeRange times) {
    return key(this == ASCENDING ? times.last() : times.first());
  }

  /** Points by ascending key; the arrays are shared where the order allows. */
  KeyedPoints keyed(PointBatch points) {
    int count = points.count();
    if (this == ASCENDING) {
      return new KeyedPoints(points.times(), points.values(), 0, count);
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = ~points.times()[count - 1 - i];
    }
    Object values = PointBatch.newValues(points.type(), count);
    reverse(points.values(), values, count);
    return new KeyedPoints(keys, values, 0, count);
  }

  private static void reverse(Object from, Object to, int count) {
    if (from instanceof double[] source && to instanceof double[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    } else if (from instanceof float[] source && to instanceof float[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    } else if (from instanceof long[] source && to instanceof long[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    } else if (from instanceof int[] source && to instanceof int[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    } else if (from instanceof boolean[] source && to instanceof boolean[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    } else {
      Object[] source = (Object[]) from;
      Object[] target = (Object[]) to;
      for (int i = 0; i < count; i++) {
        target[i] = source[count - 1 - i];
      }
    }
  }
}
