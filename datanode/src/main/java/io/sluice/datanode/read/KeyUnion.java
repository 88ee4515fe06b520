package io.sluice.datanode.read;

import java.util.Arrays;

/**
 * The smallest keys of several ascending lists, each key once. Reused from block to block. Not
 * thread-safe.
 */
final class KeyUnion {
  private long[] keys = new long[0];
  private long[] spare = new long[0];
  private int count;

  long[] keys() {
    return keys;
  }

  int count() {
    return count;
  }

  long last() {
    return keys[count - 1];
  }

  void clear() {
    count = 0;
  }

  /** Adds a list and keeps the {@code most} smallest of all. */
  void add(KeyedPoints points, int most) {
    int more = Math.min(points.count(), most);
    if (same(points)) {
      return;
    }
    ensure(Math.min(most, count + more));
    if (count == 0) {
      System.arraycopy(points.keys(), points.from(), keys, 0, more);
      count = more;
      return;
    }
    merge(points, most);
  }

  /** Whether the list is, key by key, what is here. */
  boolean same(KeyedPoints points) {
    return points.count() == count
        && Arrays.equals(keys, 0, count, points.keys(), points.from(), points.to());
  }

  private void merge(KeyedPoints points, int most) {
    long[] other = points.keys();
    int to = points.to();
    int a = 0;
    int b = points.from();
    int length = 0;
    while (length < most && (a < count || b < to)) {
      long key = b == to || (a < count && keys[a] <= other[b]) ? keys[a] : other[b];
      spare[length++] = key;
      if (a < count && keys[a] == key) {
        a++;
      }
      if (b < to && other[b] == key) {
        b++;
      }
    }
    long[] merged = spare;
    spare = keys;
    keys = merged;
    count = length;
  }

  private void ensure(int capacity) {
    if (keys.length < capacity) {
      keys = Arrays.copyOf(keys, capacity);
    }
    if (spare.length < capacity) {
      spare = new long[capacity];
    }
  }
}
