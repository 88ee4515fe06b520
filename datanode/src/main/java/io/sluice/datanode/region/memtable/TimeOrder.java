package io.sluice.datanode.region.memtable;

import java.util.Arrays;

/** Sorting points by time where the later written of equal times wins. Stateless. */
final class TimeOrder {
  private TimeOrder() {}

  /**
   * Positions of {@code times[0..count)} in ascending time order, of equal times only the last
   * position. A bottom-up merge sort over positions: stable, and it starts from runs already in
   * order.
   */
  static int[] lastOfEach(long[] times, int count) {
    int[] order = new int[count];
    int[] ends = new int[count + 1];
    int runs = 0;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      if (i + 1 == count || times[i + 1] < times[i]) {
        ends[runs++] = i + 1;
      }
    }
    int[] merged = new int[count];
    while (runs > 1) {
      int kept = 0;
      int from = 0;
      for (int run = 0; run < runs; run += 2) {
        int middle = ends[run];
        int to = run + 1 < runs ? ends[run + 1] : middle;
        merge(times, order, merged, from, middle, to);
        ends[kept++] = to;
        from = to;
      }
      runs = kept;
      int[] swap = order;
      order = merged;
      merged = swap;
    }
    return withoutRepeats(times, order);
  }

  private static void merge(
      long[] times, int[] source, int[] target, int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          left < middle && (right >= to || times[source[left]] <= times[source[right]]);
      target[at] = takeLeft ? source[left++] : source[right++];
    }
  }

  private static int[] withoutRepeats(long[] times, int[] order) {
    int kept = 0;
    for (int i = 0; i < order.length; i++) {
      if (i + 1 == order.length || times[order[i + 1]] != times[order[i]]) {
        order[kept++] = order[i];
      }
    }
    return kept == order.length ? order : Arrays.copyOf(order, kept);
  }
}
