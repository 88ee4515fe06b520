package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Times to leave out: ranges in ascending order that neither overlap nor touch. Immutable. */
public final class HiddenRanges {
  public static final HiddenRanges NONE = new HiddenRanges(List.of());

  private final List<TimeRange> ranges;

  private HiddenRanges(List<TimeRange> ranges) {
    this.ranges = ranges;
  }

  /** From ranges in any order, which may overlap. */
  public static HiddenRanges of(List<TimeRange> ranges) {
    List<TimeRange> sorted = new ArrayList<>(ranges);
    sorted.removeIf(TimeRange::empty);
    if (sorted.isEmpty()) {
      return NONE;
    }
    sorted.sort(Comparator.comparingLong(TimeRange::first));
    List<TimeRange> merged = new ArrayList<>();
    TimeRange last = sorted.get(0);
    for (TimeRange range : sorted) {
      boolean joins = last.last() == Long.MAX_VALUE || range.first() <= last.last() + 1;
      if (joins) {
        last = last.span(range);
      } else {
        merged.add(last);
        last = range;
      }
    }
    merged.add(last);
    return new HiddenRanges(List.copyOf(merged));
  }

  /** These and everything outside {@code kept}. */
  public HiddenRanges butOnly(TimeRange kept) {
    List<TimeRange> more = new ArrayList<>(ranges);
    if (kept.first() > Long.MIN_VALUE) {
      more.add(new TimeRange(Long.MIN_VALUE, kept.first() - 1));
    }
    if (kept.last() < Long.MAX_VALUE) {
      more.add(new TimeRange(kept.last() + 1, Long.MAX_VALUE));
    }
    return of(more);
  }

  /** Whether any time of {@code range} may be hidden. */
  public boolean touch(TimeRange range) {
    int at = firstEndingAtOrAfter(range.first());
    return at < ranges.size() && ranges.get(at).first() <= range.last();
  }

  /** Whether every time of {@code range} is hidden. */
  public boolean cover(TimeRange range) {
    int at = firstEndingAtOrAfter(range.first());
    return at < ranges.size() && ranges.get(at).contains(range);
  }

  /** {@code points} without those hidden; the same object when none is. */
  public PointBatch leaveOut(PointBatch points) {
    if (points.count() == 0 || !touch(points.range())) {
      return points;
    }
    long[] times = new long[points.count()];
    Object values = PointBatch.newValues(points.type(), points.count());
    int kept = 0;
    int at = firstEndingAtOrAfter(points.times()[0]);
    int from = 0;
    while (from < points.count()) {
      // [from, to) is visible: up to the next hidden range.
      int to =
          at == ranges.size() ? points.count() : position(points, from, ranges.get(at).first());
      System.arraycopy(points.times(), from, times, kept, to - from);
      System.arraycopy(points.values(), from, values, kept, to - from);
      kept += to - from;
      from = at == ranges.size() ? to : positionAfter(points, to, ranges.get(at).last());
      at++;
    }
    return new PointBatch(points.type(), times, values, kept);
  }

  /** The first position at or behind {@code from} whose time is at or after {@code time}. */
  private static int position(PointBatch points, int from, long time) {
    int found = java.util.Arrays.binarySearch(points.times(), from, points.count(), time);
    return found >= 0 ? found : -found - 1;
  }

  private static int positionAfter(PointBatch points, int from, long time) {
    return time == Long.MAX_VALUE ? points.count() : position(points, from, time + 1);
  }

  private int firstEndingAtOrAfter(long time) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).last() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
