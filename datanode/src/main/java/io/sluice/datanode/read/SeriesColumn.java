package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;

/** One series as one column of the rows. */
final class SeriesColumn implements RowMerge.Input {
  private final MergedSeries series;
  private final int column;
  private KeyedPoints points;
  private boolean ended;

  SeriesColumn(MergedSeries series, int column) {
    this.series = series;
    this.column = column;
  }

  @Override
  public KeyedPoints keys() throws StatusException {
    if (points == null && !ended) {
      points = series.next();
      ended = points == null;
    }
    return points;
  }

  @Override
  public void take(BlockColumns block, int firstRow, KeyUnion rows, long lastKey) {
    int end = RowMerge.endAt(points, lastKey);
    KeyedPoints taken = points.upTo(end);
    if (rows.same(taken)) {
      block.set(column, firstRow, taken.values(), taken.from(), taken.count());
    } else {
      block.spread(column, firstRow, rows.keys(), taken);
    }
    points = end == points.to() ? null : points.startingAt(end);
  }
}
