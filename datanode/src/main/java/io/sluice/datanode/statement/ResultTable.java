package io.sluice.datanode.statement;

import io.sluice.datanode.read.RowBlocks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.block.column.ColumnBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;
import org.apache.tsfile.utils.Binary;

/**
 * Collects the rows of a SHOW or COUNT statement: TEXT, INT32, INT64, FLOAT, DOUBLE and BOOLEAN
 * columns. Not thread-safe.
 */
final class ResultTable {
  private static final int BLOCK_ROWS = 1_000;

  private final List<ResultColumn> columns = new ArrayList<>();
  private final List<Object[]> rows = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private boolean withTime;

  ResultTable text(String... names) {
    return columns(TSDataType.TEXT, names);
  }

  ResultTable columns(TSDataType type, String... names) {
    for (String name : names) {
      columns.add(new ResultColumn(name, type, columns.size()));
    }
    return this;
  }

  /**
   * @param values one per column: String, Integer, Long, Float, Double, Boolean or Binary as the
   *     column's type says; null for null
   */
  ResultTable row(Object... values) {
    return timedRow(0, values);
  }

  /** The same with a time stamp, which is then shown. */
  ResultTable rowAt(long timeMs, Object... values) {
    withTime = true;
    return timedRow(timeMs, values);
  }

  private ResultTable timedRow(long timeMs, Object[] values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(values.length + " values, " + columns.size() + " columns");
    }
    rows.add(values);
    times.add(timeMs);
    return this;
  }

  /** Shows the time column even when there is no row. */
  ResultTable withTime() {
    withTime = true;
    return this;
  }

  /** Leaves out {@code offset} rows, then keeps {@code limit}; 0 keeps all. */
  ResultTable slice(long limit, long offset) {
    int from = (int) Math.min(offset, rows.size());
    int to = limit == 0 ? rows.size() : (int) Math.min(rows.size(), from + limit);
    rows.subList(to, rows.size()).clear();
    rows.subList(0, from).clear();
    times.subList(to, times.size()).clear();
    times.subList(0, from).clear();
    return this;
  }

  boolean empty() {
    return rows.isEmpty();
  }

  StatementResult.Rows result() {
    return new StatementResult.Rows(List.copyOf(columns), withTime, new Blocks());
  }

  private final class Blocks implements RowBlocks {
    private int next;

    @Override
    public TsBlock next() {
      if (next == rows.size()) {
        return null;
      }
      int end = Math.min(rows.size(), next + BLOCK_ROWS);
      TsBlockBuilder builder =
          new TsBlockBuilder(end - next, columns.stream().map(ResultColumn::type).toList());
      for (; next < end; next++) {
        builder.getTimeColumnBuilder().writeLong(times.get(next));
        for (int i = 0; i < columns.size(); i++) {
          write(builder.getColumnBuilder(i), rows.get(next)[i]);
        }
        builder.declarePosition();
      }
      return builder.build();
    }

    @Override
    public void close() {}
  }

  private static void write(ColumnBuilder column, Object value) {
    if (value == null) {
      column.appendNull();
    } else if (value instanceof String text) {
      column.writeBinary(new Binary(text, StandardCharsets.UTF_8));
    } else if (value instanceof Binary bytes) {
      column.writeBinary(bytes);
    } else if (value instanceof Integer number) {
      column.writeInt(number);
    } else if (value instanceof Long number) {
      column.writeLong(number);
    } else if (value instanceof Float number) {
      column.writeFloat(number);
    } else if (value instanceof Double number) {
      column.writeDouble(number);
    } else {
      column.writeBoolean((Boolean) value);
    }
  }
}
