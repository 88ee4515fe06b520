package io.sluice.datanode.read;

import java.util.Arrays;

/**
 * Points {@code [from, to)} of two parallel arrays, by strictly ascending key of a {@link
 * TimeOrder}. The arrays are shared: nobody writes to them.
 *
 * @param values an array as {@link io.sluice.datanode.point.PointBatch} has them
 */
record KeyedPoints(long[] keys, Object values, int from, int to) {
  int count() {
    return to - from;
  }

  boolean empty() {
    return from == to;
  }

  long firstKey() {
    return keys[from];
  }

  long lastKey() {
    return keys[to - 1];
  }

  /** The first position at or behind {@code from} whose key is not below {@code key}. */
  int position(long key) {
    if (keys[to - 1] < key) {
      return to;
    }
    int found = Arrays.binarySearch(keys, from, to, key);
    return found >= 0 ? found : -found - 1;
  }

  /** The same arrays from another position on. */
  KeyedPoints startingAt(int position) {
    return new KeyedPoints(keys, values, position, to);
  }

  KeyedPoints upTo(int position) {
    return new KeyedPoints(keys, values, from, position);
  }
}
