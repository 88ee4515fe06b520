package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import java.util.Arrays;
import java.util.List;

/** Columns with time stamps of their own lined up to the rows of an aligned device. */
final class AlignedRows {
  private final long[] times;
  private final int count;

  private AlignedRows(long[] times, int count) {
    this.times = times;
    this.count = count;
  }

  /** One row for each time stamp that any of the columns has. */
  static AlignedRows of(List<SealedFileWriter.Column> columns) {
    AlignedRows rows = new AlignedRows(new long[0], 0);
    for (SealedFileWriter.Column column : columns) {
      rows = rows.with(column.points());
    }
    return rows;
  }

  /** The rows' time stamps, ascending; the array may be longer than {@link #count}. */
  long[] times() {
    return times;
  }

  int count() {
    return count;
  }

  /** Whether {@code points} has a value in every row, so that its arrays are the rows' arrays. */
  boolean same(PointBatch points) {
    return points.count() == count
        && (points.times() == times
            || Arrays.equals(times, 0, count, points.times(), 0, points.count()));
  }

  private AlignedRows with(PointBatch points) {
    if (same(points)) {
      return this;
    }
    if (count == 0) {
      return new AlignedRows(points.times(), points.count());
    }
    long[] merged = new long[count + points.count()];
    int length = 0;
    int a = 0;
    int b = 0;
    while (a < count || b < points.count()) {
      boolean takeA = b == points.count() || (a < count && times[a] <= points.times()[b]);
      long time = takeA ? times[a] : points.times()[b];
      merged[length++] = time;
      if (a < count && times[a] == time) {
        a++;
      }
      if (b < points.count() && points.times()[b] == time) {
        b++;
      }
    }
    return new AlignedRows(merged, length);
  }
}
