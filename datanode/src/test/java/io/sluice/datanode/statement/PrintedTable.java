package io.sluice.datanode.statement;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RowBlocks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/** Rows as the command line prints them, for comparing with what it printed of a real IoTDB. */
final class PrintedTable {
  private PrintedTable() {}

  static String of(StatementResult.Rows rows) throws StatusException {
    List<List<String>> lines = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (rows.withTime()) {
      names.add("Time");
    }
    rows.columns().forEach(column -> names.add(column.name()));
    lines.add(names);
    try (RowBlocks blocks = rows.blocks()) {
      for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
        for (int row = 0; row < block.getPositionCount(); row++) {
          List<String> line = new ArrayList<>();
          if (rows.withTime()) {
            line.add(Instant.ofEpochMilli(block.getTimeByIndex(row)).toString());
          }
          for (ResultColumn column : rows.columns()) {
            line.add(text(column.type(), block.getColumn(column.block()), row));
          }
          lines.add(line);
        }
      }
    }
    return drawn(lines);
  }

  private static String text(TSDataType type, Column column, int row) {
    if (column.isNull(row)) {
      return "null";
    }
    return switch (type) {
      case BOOLEAN -> Boolean.toString(column.getBoolean(row));
      case INT32, DATE -> Integer.toString(column.getInt(row));
      case INT64, TIMESTAMP -> Long.toString(column.getLong(row));
      case FLOAT -> Float.toString(column.getFloat(row));
      case DOUBLE -> Double.toString(column.getDouble(row));
      default -> column.getBinary(row).getStringValue(StandardCharsets.UTF_8);
    };
  }

  private static String drawn(List<List<String>> lines) {
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      text.append('|');
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(one -> one.get(column).length()).max().orElse(0);
        text.append(" ".repeat(width - line.get(i).length())).append(line.get(i)).append('|');
      }
      text.append('\n');
    }
    return text.toString();
  }
}
