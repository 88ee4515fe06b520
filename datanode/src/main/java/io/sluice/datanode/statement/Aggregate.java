package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.sql.statement.Select;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.utils.Binary;

/** One function over the points of one series, fed block by block in time order. */
final class Aggregate {
  private final Select.Function function;
  private final TSDataType type;
  private final int place;
  private long count;
  private double sum;
  private long firstMs;
  private long lastMs;
  private Object value;

  /**
   * @param place the column of the blocks with the series' values
   */
  Aggregate(Select.Function function, TSDataType type, int place) throws StatusException {
    this.function = function;
    this.type = type;
    this.place = place;
    boolean sums = function == Select.Function.SUM || function == Select.Function.AVG;
    boolean orders = function == Select.Function.MIN_VALUE || function == Select.Function.MAX_VALUE;
    boolean moment = type == TSDataType.TIMESTAMP || type == TSDataType.DATE;
    if ((sums || orders) && !type.isNumeric() && !(orders && moment)) {
      throw new StatusException(
          StatusCode.SEMANTIC_ERROR,
          "Aggregate functions [AVG, SUM, MIN_VALUE, MAX_VALUE] only support numeric data types "
              + "[INT32, INT64, FLOAT, DOUBLE]");
    }
  }

  TSDataType resultType() {
    return switch (function) {
      case COUNT, MIN_TIME, MAX_TIME -> TSDataType.INT64;
      case SUM, AVG -> TSDataType.DOUBLE;
      default -> type;
    };
  }

  void add(TsBlock block) {
    Column column = block.getColumn(place);
    for (int row = 0; row < block.getPositionCount(); row++) {
      if (!column.isNull(row)) {
        add(block.getTimeByIndex(row), column, row);
      }
    }
  }

  private void add(long timeMs, Column column, int row) {
    boolean first = count++ == 0;
    firstMs = first ? timeMs : firstMs;
    lastMs = timeMs;
    switch (function) {
      case SUM, AVG -> sum += ((Number) boxed(column, row)).doubleValue();
      case MIN_VALUE -> value = first || less(column, row, value) ? boxed(column, row) : value;
      case MAX_VALUE -> value = first || less(value, column, row) ? boxed(column, row) : value;
      case FIRST_VALUE -> value = first ? boxed(column, row) : value;
      case LAST_VALUE -> value = boxed(column, row);
      default -> {}
    }
  }

  private boolean less(Column column, int row, Object than) {
    return order(boxed(column, row), than) < 0;
  }

  private boolean less(Object one, Column column, int row) {
    return order(one, boxed(column, row)) < 0;
  }

  private int order(Object one, Object other) {
    return switch (type) {
      case INT32, DATE -> Integer.compare((Integer) one, (Integer) other);
      case FLOAT -> Float.compare((Float) one, (Float) other);
      case DOUBLE -> Double.compare((Double) one, (Double) other);
      default -> Long.compare((Long) one, (Long) other);
    };
  }

  private Object boxed(Column column, int row) {
    return switch (type) {
      case INT32, DATE -> column.getInt(row);
      case INT64, TIMESTAMP -> column.getLong(row);
      case FLOAT -> column.getFloat(row);
      case DOUBLE -> column.getDouble(row);
      case BOOLEAN -> column.getBoolean(row);
      default -> new Binary(column.getBinary(row).getValues());
    };
  }

  /** Null when there was no point, except for a count. */
  Object result() {
    if (function == Select.Function.COUNT) {
      return count;
    }
    if (count == 0) {
      return null;
    }
    return switch (function) {
      case SUM -> sum;
      case AVG -> sum / count;
      case MIN_TIME -> firstMs;
      case MAX_TIME -> lastMs;
      default -> value;
    };
  }
}
