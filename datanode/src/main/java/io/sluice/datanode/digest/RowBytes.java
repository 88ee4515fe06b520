package io.sluice.datanode.digest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * A row as it is hashed: time, number of points, and of each point in the order of the columns its
 * name, type and value. A column without a point leaves no trace. No row's bytes are the beginning
 * of another's. Not thread-safe.
 */
final class RowBytes {
  private final List<byte[]> names;
  private final List<TSDataType> types;
  private final HashInput out;

  /**
   * @param names of the columns
   * @param types of the columns
   */
  RowBytes(List<String> names, List<TSDataType> types, HashInput out) {
    this.names = names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
    this.types = List.copyOf(types);
    this.out = out;
  }

  /** Returns the number of points. */
  int write(TsBlock block, int row) {
    int points = 0;
    for (int i = 0; i < types.size(); i++) {
      points += block.getColumn(i).isNull(row) ? 0 : 1;
    }
    out.putLong(block.getTimeByIndex(row));
    out.putInt(points);
    for (int i = 0; i < types.size(); i++) {
      Column column = block.getColumn(i);
      if (!column.isNull(row)) {
        out.putBytes(names.get(i));
        out.putByte(types.get(i).serialize());
        value(types.get(i), column, row);
      }
    }
    return points;
  }

  private void value(TSDataType type, Column column, int row) {
    switch (type) {
      case BOOLEAN -> out.putByte((byte) (column.getBoolean(row) ? 1 : 0));
      case INT32, DATE -> out.putInt(column.getInt(row));
      case INT64, TIMESTAMP -> out.putLong(column.getLong(row));
      // Every NaN is the same one.
      case FLOAT -> out.putInt(Float.floatToIntBits(column.getFloat(row)));
      case DOUBLE -> out.putLong(Double.doubleToLongBits(column.getDouble(row)));
      case TEXT, STRING, BLOB -> out.putBytes(column.getBinary(row).getValues());
      default -> throw new IllegalArgumentException("no points of type " + type);
    }
  }
}
