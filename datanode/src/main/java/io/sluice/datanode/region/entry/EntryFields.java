package io.sluice.datanode.region.entry;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;

/**
 * The fields log entries and manifests are made of. A text is int32 length and UTF-8; a list is
 * int32 count and its items; types, encodings and compressions are the TsFile format's own bytes.
 * Readers throw {@link BufferUnderflowException} or {@link IllegalArgumentException} on damage.
 */
public final class EntryFields {
  private EntryFields() {}

  public static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static String readText(ByteBuffer in) {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(ByteBuffer in) {
    byte[] bytes = new byte[readCount(in, 1)];
    in.get(bytes);
    return bytes;
  }

  /** A count of things of at least {@code leastBytes} each: never more than there is room for. */
  public static int readCount(ByteBuffer in, int leastBytes) {
    int count = in.getInt();
    if (count < 0 || (long) count * leastBytes > in.remaining()) {
      throw new IllegalArgumentException("count " + count + " with " + in.remaining() + " bytes");
    }
    return count;
  }

  public static void writeRange(DataOutputStream out, TimeRange range) throws IOException {
    out.writeLong(range.first());
    out.writeLong(range.last());
  }

  public static TimeRange readRange(ByteBuffer in) {
    long first = in.getLong();
    return new TimeRange(first, in.getLong());
  }

  public static void writeSpecs(DataOutputStream out, List<SeriesSpec> specs) throws IOException {
    out.writeInt(specs.size());
    for (SeriesSpec spec : specs) {
      writeText(out, spec.measurement());
      out.writeByte(spec.type().serialize());
      out.writeByte(spec.encoding().serialize());
      out.writeByte(spec.compression().serialize());
    }
  }

  public static List<SeriesSpec> readSpecs(ByteBuffer in) {
    int count = readCount(in, 7);
    List<SeriesSpec> specs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String measurement = readText(in);
      TSDataType type = readType(in);
      TSEncoding encoding = readEncoding(in);
      specs.add(new SeriesSpec(measurement, type, encoding, readCompression(in)));
    }
    return specs;
  }

  static TSDataType readType(ByteBuffer in) {
    byte code = in.get();
    for (TSDataType type : TSDataType.values()) {
      if (type.serialize() == code && storable(type)) {
        return type;
      }
    }
    throw new IllegalArgumentException("data type " + code);
  }

  private static boolean storable(TSDataType type) {
    return switch (type) {
      case BOOLEAN, INT32, INT64, FLOAT, DOUBLE, TEXT, STRING, BLOB, TIMESTAMP, DATE -> true;
      default -> false;
    };
  }

  static TSEncoding readEncoding(ByteBuffer in) {
    byte code = in.get();
    for (TSEncoding encoding : TSEncoding.values()) {
      if (encoding.serialize() == code) {
        return encoding;
      }
    }
    throw new IllegalArgumentException("encoding " + code);
  }

  static CompressionType readCompression(ByteBuffer in) {
    byte code = in.get();
    for (CompressionType compression : CompressionType.values()) {
      if (compression.serialize() == code) {
        return compression;
      }
    }
    throw new IllegalArgumentException("compression " + code);
  }

  /** Series in their order, each run of one device as one group. */
  static void writeSeries(DataOutputStream out, List<SeriesInfo> series) throws IOException {
    List<List<SeriesInfo>> groups = new ArrayList<>();
    for (SeriesInfo info : series) {
      SeriesInfo last = groups.isEmpty() ? null : groups.get(groups.size() - 1).get(0);
      if (last == null
          || !last.device().equals(info.device())
          || last.aligned() != info.aligned()) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(info);
    }
    out.writeInt(groups.size());
    for (List<SeriesInfo> group : groups) {
      writeText(out, group.get(0).device());
      out.writeBoolean(group.get(0).aligned());
      writeSpecs(out, group.stream().map(SeriesInfo::spec).toList());
    }
  }

  static List<SeriesInfo> readSeries(ByteBuffer in) {
    int groups = readCount(in, 9);
    List<SeriesInfo> series = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      String device = readText(in);
      boolean aligned = readFlag(in);
      for (SeriesSpec spec : readSpecs(in)) {
        series.add(new SeriesInfo(device, aligned, spec));
      }
    }
    return series;
  }

  static void writeConflicts(DataOutputStream out, List<SeriesConflict> conflicts)
      throws IOException {
    out.writeInt(conflicts.size());
    for (SeriesConflict conflict : conflicts) {
      writeText(out, conflict.device());
      writeText(out, conflict.measurement());
      writeText(out, conflict.reason());
    }
  }

  static List<SeriesConflict> readConflicts(ByteBuffer in) {
    int count = readCount(in, 12);
    List<SeriesConflict> conflicts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = readText(in);
      String measurement = readText(in);
      conflicts.add(new SeriesConflict(device, measurement, readText(in)));
    }
    return conflicts;
  }

  public static boolean readFlag(ByteBuffer in) {
    byte flag = in.get();
    if (flag != 0 && flag != 1) {
      throw new IllegalArgumentException("flag " + flag);
    }
    return flag == 1;
  }

  static void writePatterns(DataOutputStream out, List<PathPattern> patterns) throws IOException {
    out.writeInt(patterns.size());
    for (PathPattern pattern : patterns) {
      out.writeInt(pattern.nodes().size());
      for (String node : pattern.nodes()) {
        writeText(out, node);
      }
    }
  }

  static List<PathPattern> readPatterns(ByteBuffer in) {
    int count = readCount(in, 4);
    List<PathPattern> patterns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int nodeCount = readCount(in, 4);
      List<String> nodes = new ArrayList<>(nodeCount);
      for (int n = 0; n < nodeCount; n++) {
        nodes.add(readText(in));
      }
      patterns.add(PathPattern.of(nodes));
    }
    return patterns;
  }

  /** Everything of a tablet but its two buffers, whose lengths come last. */
  static void writeTabletHead(DataOutputStream out, LogEntry.InsertTablet tablet)
      throws IOException {
    writeText(out, tablet.device());
    out.writeBoolean(tablet.aligned());
    writeSpecs(out, tablet.columns());
    out.writeInt(tablet.rows());
    LogEntry.TabletLayout layout = tablet.layout();
    out.writeBoolean(layout.encoded());
    out.writeInt(layout.encodings().size());
    for (TSEncoding encoding : layout.encodings()) {
      out.writeByte(encoding.serialize());
    }
    out.writeByte(layout.compression().serialize());
    out.writeInt(tablet.times().remaining());
    out.writeInt(tablet.values().remaining());
  }

  static LogEntry.InsertTablet readTablet(ByteBuffer in) {
    String device = readText(in);
    boolean aligned = readFlag(in);
    List<SeriesSpec> columns = readSpecs(in);
    int rows = in.getInt();
    boolean encoded = readFlag(in);
    int encodingCount = readCount(in, 1);
    List<TSEncoding> encodings = new ArrayList<>(encodingCount);
    for (int i = 0; i < encodingCount; i++) {
      encodings.add(readEncoding(in));
    }
    CompressionType compression = readCompression(in);
    int timesBytes = in.getInt();
    int valuesBytes = in.getInt();
    ByteBuffer times = take(in, timesBytes);
    ByteBuffer values = take(in, valuesBytes);
    LogEntry.TabletLayout layout =
        new LogEntry.TabletLayout(encoded, List.copyOf(encodings), compression);
    return new LogEntry.InsertTablet(device, aligned, columns, rows, layout, times, values);
  }

  private static ByteBuffer take(ByteBuffer in, int length) {
    Objects.checkFromIndexSize(0, length, in.remaining());
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  static void writeRows(DataOutputStream out, List<LogEntry.Row> rows) throws IOException {
    out.writeInt(rows.size());
    for (LogEntry.Row row : rows) {
      writeText(out, row.device());
      out.writeBoolean(row.aligned());
      out.writeLong(row.time());
      writeSpecs(out, row.columns());
      for (int i = 0; i < row.columns().size(); i++) {
        writeValue(out, row.columns().get(i).type(), row.values().get(i));
      }
    }
  }

  static List<LogEntry.Row> readRows(ByteBuffer in) {
    int count = readCount(in, 17);
    List<LogEntry.Row> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = readText(in);
      boolean aligned = readFlag(in);
      long time = in.getLong();
      List<SeriesSpec> columns = readSpecs(in);
      List<Object> values = new ArrayList<>(columns.size());
      for (SeriesSpec column : columns) {
        values.add(readValue(in, column.type()));
      }
      rows.add(new LogEntry.Row(device, aligned, time, columns, values));
    }
    return rows;
  }

  private static void writeValue(DataOutputStream out, TSDataType type, Object value)
      throws IOException {
    switch (type) {
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case INT32, DATE -> out.writeInt((Integer) value);
      case INT64, TIMESTAMP -> out.writeLong((Long) value);
      case FLOAT -> out.writeFloat((Float) value);
      case DOUBLE -> out.writeDouble((Double) value);
      case TEXT, STRING, BLOB -> {
        byte[] bytes = ((Binary) value).getValues();
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      default -> throw new IllegalArgumentException("no value of type " + type);
    }
  }

  private static Object readValue(ByteBuffer in, TSDataType type) {
    return switch (type) {
      case BOOLEAN -> readFlag(in);
      case INT32, DATE -> in.getInt();
      case INT64, TIMESTAMP -> in.getLong();
      case FLOAT -> in.getFloat();
      case DOUBLE -> in.getDouble();
      case TEXT, STRING, BLOB -> new Binary(readBytes(in));
      default -> throw new IllegalArgumentException("no value of type " + type);
    };
  }
}
