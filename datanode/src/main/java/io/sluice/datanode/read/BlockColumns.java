package io.sluice.datanode.read;

import io.sluice.datanode.point.PointBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.BinaryColumn;
import org.apache.tsfile.read.common.block.column.BooleanColumn;
import org.apache.tsfile.read.common.block.column.DoubleColumn;
import org.apache.tsfile.read.common.block.column.FloatColumn;
import org.apache.tsfile.read.common.block.column.IntColumn;
import org.apache.tsfile.read.common.block.column.LongColumn;
import org.apache.tsfile.read.common.block.column.TimeColumn;
import org.apache.tsfile.utils.Binary;

/**
 * A block of rows while it is filled: a time column and value columns as primitive arrays. Rows are
 * added by their keys first, then column by column. DATE and TIMESTAMP columns are INT32 and INT64
 * columns of the block, as clients expect. Not thread-safe.
 */
final class BlockColumns {
  /** Heap of a value's object, header and reference. */
  private static final int BINARY_BYTES = 40;

  private final TimeOrder order;
  private final List<TSDataType> types;
  private final int rowsMax;
  private final long[] times;
  private final Object[] values;
  private final boolean[][] missing;
  private final int[] present;
  private int rows;
  private long binaryBytes;

  BlockColumns(TimeOrder order, List<TSDataType> types, int rowsMax) {
    this.order = order;
    this.types = types;
    this.rowsMax = rowsMax;
    this.times = new long[rowsMax];
    this.values = new Object[types.size()];
    this.missing = new boolean[types.size()][];
    this.present = new int[types.size()];
  }

  int rows() {
    return rows;
  }

  int room() {
    return rowsMax - rows;
  }

  /** Bytes of texts and blobs so far. */
  long binaryBytes() {
    return binaryBytes;
  }

  /** Adds rows whose values are all missing yet; returns the number of the first. */
  int addRows(long[] keys, int count) {
    for (int i = 0; i < count; i++) {
      times[rows + i] = order.key(keys[i]);
    }
    int first = rows;
    rows += count;
    return first;
  }

  /** Sets {@code count} values of a column from row {@code row} on. */
  void set(int column, int row, Object source, int from, int count) {
    make(column);
    System.arraycopy(source, from, values[column], row, count);
    Arrays.fill(missing[column], row, row + count, false);
    present[column] += count;
    if (source instanceof Binary[] binaries) {
      for (int i = from; i < from + count; i++) {
        binaryBytes += BINARY_BYTES + binaries[i].getLength();
      }
    }
  }

  private void make(int column) {
    if (values[column] == null) {
      values[column] = PointBatch.newValues(types.get(column), rowsMax);
      missing[column] = new boolean[rowsMax];
      Arrays.fill(missing[column], true);
    }
  }

  /** Sets the values that {@code source} has from position {@code from} on, one for each row. */
  void copy(int column, int[] rowOf, Column source, int from) {
    make(column);
    for (int i = 0; i < rowOf.length; i++) {
      if (!source.isNull(from + i)) {
        copy(values[column], rowOf[i], source, from + i);
        missing[column][rowOf[i]] = false;
        present[column]++;
      }
    }
  }

  private void copy(Object target, int row, Column source, int position) {
    if (target instanceof double[] doubles) {
      doubles[row] = source.getDouble(position);
    } else if (target instanceof float[] floats) {
      floats[row] = source.getFloat(position);
    } else if (target instanceof long[] longs) {
      longs[row] = source.getLong(position);
    } else if (target instanceof int[] ints) {
      ints[row] = source.getInt(position);
    } else if (target instanceof boolean[] booleans) {
      booleans[row] = source.getBoolean(position);
    } else {
      Binary binary = source.getBinary(position);
      ((Binary[]) target)[row] = binary;
      binaryBytes += BINARY_BYTES + binary.getLength();
    }
  }

  /**
   * Sets the values of some of the rows added last.
   *
   * @param keys of those rows, {@code points} has some of them and no other
   */
  void spread(int column, int firstRow, long[] keys, KeyedPoints points) {
    int row = 0;
    int point = points.from();
    while (point < points.to()) {
      while (keys[row] != points.keys()[point]) {
        row++;
      }
      int run = 1;
      while (point + run < points.to() && keys[row + run] == points.keys()[point + run]) {
        run++;
      }
      set(column, firstRow + row, points.values(), point, run);
      row += run;
      point += run;
    }
  }

  /** The rows as a block, at least one. This must not be used any more. */
  TsBlock build() {
    Column[] columns = new Column[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(i);
    }
    return new TsBlock(rows, new TimeColumn(rows, times), columns);
  }

  private Column column(int column) {
    Object own = values[column];
    Optional<boolean[]> nulls =
        present[column] == rows ? Optional.empty() : Optional.of(nulls(column));
    if (own == null) {
      own = PointBatch.newValues(types.get(column), rows);
    }
    if (own instanceof double[] doubles) {
      return new DoubleColumn(rows, nulls, doubles);
    } else if (own instanceof float[] floats) {
      return new FloatColumn(rows, nulls, floats);
    } else if (own instanceof long[] longs) {
      return new LongColumn(rows, nulls, longs);
    } else if (own instanceof int[] ints) {
      return new IntColumn(rows, nulls, ints);
    } else if (own instanceof boolean[] booleans) {
      return new BooleanColumn(rows, nulls, booleans);
    }
    return new BinaryColumn(rows, nulls, (Binary[]) own);
  }

  private boolean[] nulls(int column) {
    if (missing[column] != null) {
      return missing[column];
    }
    boolean[] all = new boolean[rows];
    Arrays.fill(all, true);
    return all;
  }
}
