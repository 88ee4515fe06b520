package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.tsfile.enums.TSDataType;

/** Merges one series of several files, a stretch of points at a time. Not thread-safe. */
final class SeriesMerge {
  /** At the same bound those not ready first, they may turn out to be later; then who wins. */
  private static final Comparator<SeriesCursor> NEXT_FIRST =
      Comparator.comparingLong(SeriesCursor::bound)
          .thenComparing(SeriesCursor::ready)
          .thenComparing(SeriesCursor::rank, Comparator.reverseOrder());

  private final PriorityQueue<SeriesCursor> queue = new PriorityQueue<>(NEXT_FIRST);
  private final int[] targetOfRank;
  private final MergedPoints points;

  SeriesMerge(TSDataType type, List<SeriesCursor> cursors, int[] targetOfRank) {
    this.queue.addAll(cursors);
    this.targetOfRank = targetOfRank;
    this.points = new MergedPoints(type);
  }

  /** What was merged and not dropped yet. */
  MergedPoints points() {
    return points;
  }

  /** Whether points may follow those in {@link #points}. */
  boolean more() {
    return !queue.isEmpty();
  }

  /**
   * Merges until there are as many points, or as many bytes of texts, or no more.
   *
   * @return whether there are any
   */
  boolean fill(int pointsMax, int bytesMax) throws IOException {
    while (!queue.isEmpty() && points.count() < pointsMax && points.textBytes() < bytesMax) {
      SeriesCursor first = queue.poll();
      if (!first.ready()) {
        if (first.refine()) {
          queue.add(first);
        }
        continue;
      }
      int to = Math.min(endOfRun(first), first.at() + pointsMax - points.count());
      points.add(first.points(), first.at(), to, targetOfRank[first.rank()], bytesMax);
      passOver(first.bound());
      int taken = first.at() + points.addedLast();
      if (first.skipTo(taken)) {
        queue.add(first);
      }
    }
    return points.count() > 0;
  }

  /** Up to where the cursor's points come before any other's; at least one. */
  private int endOfRun(SeriesCursor first) {
    PointBatch page = first.points();
    SeriesCursor other = queue.peek();
    if (other == null) {
      return page.count();
    }
    if (other.bound() == first.bound()) {
      return first.at() + 1;
    }
    int found = Arrays.binarySearch(page.times(), first.at(), page.count(), other.bound());
    return found >= 0 ? found : -found - 1;
  }

  /** Others' points at this time have lost: all that have one are ready by now. */
  private void passOver(long time) {
    while (!queue.isEmpty() && queue.peek().bound() == time) {
      SeriesCursor loser = queue.poll();
      if (loser.skipTo(loser.at() + 1)) {
        queue.add(loser);
      }
    }
  }
}
