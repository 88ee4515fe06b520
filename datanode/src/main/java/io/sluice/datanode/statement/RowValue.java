package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.sql.statement.Literal;
import io.sluice.sql.statement.RowCondition;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.utils.Binary;

/**
 * One side of a comparison.
 *
 * @param name for messages
 * @param constant null for what differs from row to row
 */
record RowValue(String name, Kind kind, Literal constant, Reading reading) {
  /** What can be compared with what: each kind with itself, numbers with each other. */
  enum Kind {
    WHOLE,
    FRACTION,
    TEXT,
    BOOLEAN,
    DATE,
    OTHER;

    boolean numeric() {
      return this == WHOLE || this == FRACTION;
    }
  }

  /** A Long, Double, Boolean or Binary as the kind says, null where there is no point. */
  @FunctionalInterface
  interface Reading {
    Object of(TsBlock block, int row);
  }

  Object of(TsBlock block, int row) {
    return reading.of(block, row);
  }

  static RowValue time() {
    return new RowValue("time", Kind.WHOLE, null, TsBlock::getTimeByIndex);
  }

  /**
   * @param place the column of the blocks with the series' values
   */
  static RowValue series(SeriesInfo series, int place) {
    TSDataType type = series.spec().type();
    return new RowValue(
        series.key().path(),
        kind(type),
        null,
        (block, row) -> {
          Column column = block.getColumn(place);
          return column.isNull(row) ? null : value(type, column, row);
        });
  }

  static RowValue constant(Literal literal) {
    if (literal instanceof Literal.Bool bool) {
      return constant(literal, Kind.BOOLEAN, bool.value());
    }
    if (literal instanceof Literal.Text text) {
      return constant(literal, Kind.TEXT, new Binary(text.value(), StandardCharsets.UTF_8));
    }
    if (literal instanceof Literal.Time time) {
      return constant(literal, Kind.WHOLE, time.epochMs());
    }
    String digits = ((Literal.Number) literal).text();
    if (((Literal.Number) literal).whole()) {
      try {
        return constant(literal, Kind.WHOLE, Long.parseLong(digits));
      } catch (NumberFormatException beyondLong) {
        return constant(literal, Kind.FRACTION, Double.parseDouble(digits));
      }
    }
    return constant(literal, Kind.FRACTION, Double.parseDouble(digits));
  }

  private static RowValue constant(Literal literal, Kind kind, Object value) {
    return new RowValue(String.valueOf(value), kind, literal, (block, row) -> value);
  }

  private static Kind kind(TSDataType type) {
    return switch (type) {
      case INT32, INT64, TIMESTAMP -> Kind.WHOLE;
      case FLOAT, DOUBLE -> Kind.FRACTION;
      case TEXT, STRING -> Kind.TEXT;
      case BOOLEAN -> Kind.BOOLEAN;
      case DATE -> Kind.DATE;
      default -> Kind.OTHER;
    };
  }

  private static Object value(TSDataType type, Column column, int row) {
    return switch (type) {
      case INT32, DATE -> (long) column.getInt(row);
      case INT64, TIMESTAMP -> column.getLong(row);
      case FLOAT -> (double) column.getFloat(row);
      case DOUBLE -> column.getDouble(row);
      case BOOLEAN -> column.getBoolean(row);
      default -> column.getBinary(row);
    };
  }

  /** False wherever a side has no value. */
  static RowTest compared(RowValue left, RowCondition.Operator operator, RowValue right)
      throws StatusException {
    RowValue first = left.asDateIf(right.kind == Kind.DATE);
    RowValue second = right.asDateIf(left.kind == Kind.DATE);
    Comparator<Object> order = order(first, second);
    return (block, row) -> {
      Object a = first.of(block, row);
      Object b = second.of(block, row);
      return a != null && b != null && operator.holds(order.compare(a, b));
    };
  }

  /** A text that stands beside a DATE is one. */
  private RowValue asDateIf(boolean besideDate) throws StatusException {
    if (!besideDate || !(constant instanceof Literal.Text)) {
      return this;
    }
    Integer day = (Integer) LiteralValue.as(TSDataType.DATE, constant, name);
    return new RowValue(name, Kind.DATE, constant, (block, row) -> day.longValue());
  }

  private static Comparator<Object> order(RowValue left, RowValue right) throws StatusException {
    if (left.kind == Kind.WHOLE && right.kind == Kind.WHOLE
        || left.kind == Kind.DATE && right.kind == Kind.DATE) {
      return Comparator.comparingLong(value -> (Long) value);
    }
    if (left.kind.numeric() && right.kind.numeric()) {
      return Comparator.comparingDouble(value -> ((Number) value).doubleValue());
    }
    if (left.kind == Kind.BOOLEAN && right.kind == Kind.BOOLEAN) {
      return Comparator.comparing(value -> (Boolean) value);
    }
    if (left.kind == Kind.TEXT && right.kind == Kind.TEXT) {
      return Comparator.comparing(value -> (Binary) value);
    }
    throw new StatusException(
        StatusCode.SEMANTIC_ERROR,
        "%s and %s are of types that cannot be compared".formatted(left.name, right.name));
  }
}
