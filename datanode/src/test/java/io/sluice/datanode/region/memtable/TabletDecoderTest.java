package io.sluice.datanode.region.memtable;

import static io.sluice.datanode.region.Writes.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.TabletLayout;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.tsfile.compress.ICompressor;
import org.apache.tsfile.encoding.encoder.Encoder;
import org.apache.tsfile.encoding.encoder.TSEncodingBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;

class TabletDecoderTest {
  private static final List<SeriesSpec> ALL_TYPES =
      List.of(
          spec("b", TSDataType.BOOLEAN),
          spec("i", TSDataType.INT32),
          spec("d", TSDataType.DATE),
          spec("l", TSDataType.INT64),
          spec("t", TSDataType.TIMESTAMP),
          spec("f", TSDataType.FLOAT),
          spec("g", TSDataType.DOUBLE),
          spec("s", TSDataType.TEXT));

  /** Rows of every type, with null bitmaps on every second column. */
  private static InsertTablet tablet(int rows, boolean nulls) throws Exception {
    ByteBuffer times = ByteBuffer.allocate(rows * 8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int i = 0; i < rows; i++) {
      times.putLong(100 + i);
    }
    for (SeriesSpec column : ALL_TYPES) {
      for (int i = 0; i < rows; i++) {
        switch (column.type()) {
          case BOOLEAN -> out.writeBoolean(i % 3 == 0);
          case INT32, DATE -> out.writeInt(i * 7);
          case INT64, TIMESTAMP -> out.writeLong(i * 11L);
          case FLOAT -> out.writeFloat(i / 2f);
          case DOUBLE -> out.writeDouble(i / 3.0);
          default -> {
            byte[] text = ("text " + i).getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
          }
        }
      }
    }
    if (nulls) {
      for (int column = 0; column < ALL_TYPES.size(); column++) {
        out.writeByte(column % 2);
        if (column % 2 == 1) {
          byte[] bits = new byte[rows / 8 + 1];
          for (int row = 0; row < rows; row++) {
            if (row % 5 == column % 5) {
              bits[row / 8] |= (byte) (1 << (row % 8));
            }
          }
          out.write(bits);
        }
      }
    }
    return new InsertTablet(
        "root.d",
        false,
        ALL_TYPES,
        rows,
        TabletLayout.PLAIN,
        times.flip(),
        ByteBuffer.wrap(bytes.toByteArray()));
  }

  @Test
  void everyTypeIsReadAsItWasSent() throws Exception {
    List<PointRun> runs = TabletDecoder.decode(tablet(17, false));
    assertThat(runs).allMatch(run -> run.count() == 17 && run.ascending());
    assertThat(((boolean[]) runs.get(0).values())[3]).isTrue();
    assertThat(((int[]) runs.get(1).values())[16]).isEqualTo(112);
    assertThat(((int[]) runs.get(2).values())[16]).isEqualTo(112);
    assertThat(((long[]) runs.get(3).values())[16]).isEqualTo(176);
    assertThat(((long[]) runs.get(4).values())[2]).isEqualTo(22);
    assertThat(((float[]) runs.get(5).values())[3]).isEqualTo(1.5f);
    assertThat(((double[]) runs.get(6).values())[3]).isEqualTo(1.0);
    assertThat(((Binary[]) runs.get(7).values())[9].toString()).isEqualTo("text 9");
    assertThat(runs.get(7).times()[16]).isEqualTo(116);
  }

  /** 8 rows have a bitmap of 2 bytes: rows / 8 + 1, not rounded up. */
  @Test
  void nullsAreLeftOutForAnyNumberOfRows() throws Exception {
    for (int rows : new int[] {1, 7, 8, 9, 16, 23, 64}) {
      List<PointRun> runs = TabletDecoder.decode(tablet(rows, true));
      for (int column = 0; column < runs.size(); column++) {
        List<Long> expected = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
          if (column % 2 == 0 || row % 5 != column % 5) {
            expected.add(100L + row);
          }
        }
        PointRun run = runs.get(column);
        long[] times = run == null ? new long[0] : Arrays.copyOf(run.times(), run.count());
        assertThat(times)
            .as("%s rows, column %s", rows, column)
            .containsExactly(expected.stream().mapToLong(time -> time).toArray());
      }
    }
  }

  @Test
  void theEncodedLayoutGivesTheSamePoints() throws Exception {
    for (CompressionType compression :
        List.of(CompressionType.UNCOMPRESSED, CompressionType.LZ4, CompressionType.SNAPPY)) {
      InsertTablet plain = tablet(200, true);
      InsertTablet encoded = encoded(plain, compression);
      List<PointRun> expected = TabletDecoder.decode(plain);
      List<PointRun> actual = TabletDecoder.decode(encoded);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).usingRecursiveComparison().isEqualTo(expected.get(i));
      }
    }
  }

  private static InsertTablet encoded(InsertTablet plain, CompressionType compression)
      throws Exception {
    TabletDecoder.Raw raw = TabletDecoder.raw(plain);
    int rows = plain.rows();
    List<TSEncoding> encodings = new ArrayList<>(List.of(TSEncoding.TS_2DIFF));
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < ALL_TYPES.size(); i++) {
      TSDataType type = ALL_TYPES.get(i).type();
      TSEncoding encoding =
          switch (type) {
            case BOOLEAN -> TSEncoding.RLE;
            case INT32, INT64, TIMESTAMP -> TSEncoding.TS_2DIFF;
            case FLOAT, DOUBLE -> TSEncoding.GORILLA;
            default -> TSEncoding.PLAIN;
          };
      encodings.add(encoding);
      if (encoding == TSEncoding.PLAIN) {
        DataOutputStream out = new DataOutputStream(values);
        for (int row = 0; row < rows; row++) {
          if (type == TSDataType.DATE) {
            out.writeInt(((int[]) raw.columns()[i])[row]);
          } else {
            byte[] text = ((Binary[]) raw.columns()[i])[row].getValues();
            out.writeInt(text.length);
            out.write(text);
          }
        }
        continue;
      }
      Encoder encoder = TSEncodingBuilder.getEncodingBuilder(encoding).getEncoder(type);
      for (int row = 0; row < rows; row++) {
        switch (type) {
          case BOOLEAN -> encoder.encode(((boolean[]) raw.columns()[i])[row], values);
          case INT32 -> encoder.encode(((int[]) raw.columns()[i])[row], values);
          case INT64, TIMESTAMP -> encoder.encode(((long[]) raw.columns()[i])[row], values);
          case FLOAT -> encoder.encode(((float[]) raw.columns()[i])[row], values);
          default -> encoder.encode(((double[]) raw.columns()[i])[row], values);
        }
      }
      encoder.flush(values);
    }
    for (byte[] nulls : raw.nulls()) {
      values.write(nulls == null ? 0 : 1);
      values.writeBytes(nulls == null ? new byte[0] : nulls);
    }
    ByteArrayOutputStream times = new ByteArrayOutputStream();
    Encoder encoder =
        TSEncodingBuilder.getEncodingBuilder(TSEncoding.TS_2DIFF).getEncoder(TSDataType.INT64);
    for (long time : raw.times()) {
      encoder.encode(time, times);
    }
    encoder.flush(times);
    return new InsertTablet(
        plain.device(),
        false,
        ALL_TYPES,
        rows,
        new TabletLayout(true, encodings, compression),
        compressed(times.toByteArray(), compression),
        compressed(values.toByteArray(), compression));
  }

  private static ByteBuffer compressed(byte[] bytes, CompressionType compression) throws Exception {
    if (compression == CompressionType.UNCOMPRESSED) {
      return ByteBuffer.wrap(bytes);
    }
    byte[] packed = ICompressor.getCompressor(compression).compress(bytes);
    return ByteBuffer.allocate(packed.length + 4).put(packed).putInt(bytes.length).flip();
  }

  @Test
  void bytesThatDoNotFitAreRefusedAndNothingElseHappens() throws Exception {
    InsertTablet good = tablet(9, true);
    InsertTablet packed = encoded(good, CompressionType.LZ4);
    Random random = new Random(1);
    for (InsertTablet tablet : List.of(good, packed)) {
      for (int i = 0; i < 300; i++) {
        byte[] values = bytes(tablet.values());
        for (int flip = 0; flip < 3; flip++) {
          values[random.nextInt(values.length)] ^= (byte) (1 << random.nextInt(8));
        }
        byte[] cut = Arrays.copyOf(values, random.nextInt(values.length + 1));
        try {
          TabletDecoder.decode(with(tablet, tablet.rows(), cut));
        } catch (MalformedTabletException expected) {
          assertThat(expected).hasMessageContaining("root.d");
        }
      }
    }
    for (int rows : new int[] {-1, 8, 10, 1 << 30, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> TabletDecoder.decode(with(good, rows, bytes(good.values()))))
          .isInstanceOf(MalformedTabletException.class);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static InsertTablet with(InsertTablet tablet, int rows, byte[] values) {
    return new InsertTablet(
        tablet.device(),
        tablet.aligned(),
        tablet.columns(),
        rows,
        tablet.layout(),
        tablet.times(),
        ByteBuffer.wrap(values));
  }

  @Test
  void aSplitTabletWritesTheSamePoints() throws Exception {
    InsertTablet whole = tablet(200, true);
    for (InsertTablet tablet : List.of(whole, encoded(whole, CompressionType.LZ4))) {
      List<InsertTablet> parts = TabletSplit.byRows(tablet, 1_000);
      assertThat(parts).hasSizeGreaterThan(5);
      assertThat(points(parts)).isEqualTo(points(List.of(whole)));
      assertThat(parts)
          .allMatch(part -> part.times().remaining() + part.values().remaining() <= 1_000);
    }
  }

  private static TreeMap<String, Object> points(List<InsertTablet> tablets) throws Exception {
    TreeMap<String, Object> points = new TreeMap<>();
    for (InsertTablet tablet : tablets) {
      List<PointRun> runs = TabletDecoder.decode(tablet);
      for (int column = 0; column < runs.size(); column++) {
        PointRun run = runs.get(column);
        for (int i = 0; run != null && i < run.count(); i++) {
          Object value = java.lang.reflect.Array.get(run.values(), i);
          points.put(column + " " + run.times()[i], value);
        }
      }
    }
    return points;
  }

  @Test
  void aRowLargerThanTheLimitIsRefused() {
    assertThatThrownBy(() -> TabletSplit.byRows(Writes.tablet("root.d", 0, 2, 1_000), 1_000))
        .isInstanceOf(TabletTooLargeException.class)
        .hasMessageContaining("root.d");
  }
}
