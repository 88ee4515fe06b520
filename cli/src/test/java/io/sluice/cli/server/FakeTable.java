package io.sluice.cli.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.block.column.ColumnBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlockBuilder;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.apache.tsfile.utils.Binary;

/**
 * A result the fake server gives.
 *
 * @param hasTime whether the rows' times are shown
 * @param names without the time
 */
public record FakeTable(
    boolean hasTime, List<String> names, List<TSDataType> types, List<FakeTable.Row> rows) {
  /** One row; null where there is no value, else as the column's builder takes it. */
  public record Row(long time, Object... values) {}

  /** A table of texts without a time, as the SHOW statements give. */
  public static FakeTable ofTexts(List<String> names, List<List<String>> rows) {
    List<Row> cells =
        rows.stream()
            .map(row -> new Row(0, row.stream().map(FakeTable::binary).toArray()))
            .toList();
    return new FakeTable(false, names, names.stream().map(n -> TSDataType.TEXT).toList(), cells);
  }

  private static Binary binary(String text) {
    return text == null ? null : FakeServer.binary(text);
  }

  /** The rows cut into blocks as they go over the wire. */
  List<ByteBuffer> blocks(int rowsPerBlock) {
    List<ByteBuffer> blocks = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += rowsPerBlock) {
      blocks.add(block(rows.subList(from, Math.min(rows.size(), from + rowsPerBlock))));
    }
    return blocks;
  }

  private ByteBuffer block(List<Row> some) {
    TsBlockBuilder builder = new TsBlockBuilder(some.size(), types);
    for (Row row : some) {
      builder.getTimeColumnBuilder().writeLong(row.time());
      for (int i = 0; i < types.size(); i++) {
        write(builder.getColumnBuilder(i), types.get(i), row.values()[i]);
      }
      builder.declarePosition();
    }
    try {
      return new TsBlockSerde().serialize(builder.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(ColumnBuilder column, TSDataType type, Object value) {
    if (value == null) {
      column.appendNull();
      return;
    }
    switch (type) {
      case BOOLEAN -> column.writeBoolean((Boolean) value);
      case INT32, DATE -> column.writeInt((Integer) value);
      case INT64, TIMESTAMP -> column.writeLong((Long) value);
      case FLOAT -> column.writeFloat((Float) value);
      case DOUBLE -> column.writeDouble((Double) value);
      default -> column.writeBinary((Binary) value);
    }
  }
}
