package io.sluice.datanode.region.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry.Compact;
import io.sluice.datanode.region.entry.LogEntry.CreateSeries;
import io.sluice.datanode.region.entry.LogEntry.DeleteData;
import io.sluice.datanode.region.entry.LogEntry.DeleteSeries;
import io.sluice.datanode.region.entry.LogEntry.Expire;
import io.sluice.datanode.region.entry.LogEntry.ForgetPipe;
import io.sluice.datanode.region.entry.LogEntry.ForgetSource;
import io.sluice.datanode.region.entry.LogEntry.HoldBack;
import io.sluice.datanode.region.entry.LogEntry.InsertRows;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.LoadDeletion;
import io.sluice.datanode.region.entry.LogEntry.LoadFile;
import io.sluice.datanode.region.entry.LogEntry.NewLeader;
import io.sluice.datanode.region.entry.LogEntry.Rejoin;
import io.sluice.datanode.region.entry.LogEntry.Row;
import io.sluice.datanode.region.entry.LogEntry.Seal;
import io.sluice.datanode.region.entry.LogEntry.TabletLayout;
import io.sluice.datanode.region.entry.LogEntry.WriteLedger;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;

class LogEntryBytesTest {
  private static final Source SOURCE = new Source(new UUID(1, 2), new UUID(3, 4));
  private static final AppliedRecord RECORD = new AppliedRecord(7, 8, 9);

  private static SeriesSpec spec(String name, TSDataType type) {
    return new SeriesSpec(name, type, TSEncoding.GORILLA, CompressionType.SNAPPY);
  }

  /** One of every kind. */
  private static Map<String, LogEntry> samples() {
    Map<String, LogEntry> all = new LinkedHashMap<>();
    all.put(
        "InsertTablet",
        new InsertTablet(
            "root.v.d0",
            true,
            List.of(spec("s0", TSDataType.INT32), spec("s1", TSDataType.TEXT)),
            2,
            new TabletLayout(
                true,
                List.of(TSEncoding.TS_2DIFF, TSEncoding.PLAIN, TSEncoding.PLAIN),
                CompressionType.LZ4),
            ByteBuffer.wrap(new byte[] {1, 2, 3}),
            ByteBuffer.wrap(new byte[] {4, 5})));
    all.put(
        "InsertRows",
        new InsertRows(
            List.of(
                new Row(
                    "root.v.d1",
                    false,
                    -5,
                    List.of(
                        spec("b", TSDataType.BOOLEAN),
                        spec("i", TSDataType.INT32),
                        spec("d", TSDataType.DATE),
                        spec("l", TSDataType.INT64),
                        spec("t", TSDataType.TIMESTAMP),
                        spec("f", TSDataType.FLOAT),
                        spec("g", TSDataType.DOUBLE),
                        spec("s", TSDataType.STRING)),
                    List.of(
                        true,
                        42,
                        20_260_131,
                        -1L,
                        1_600_000_000_000L,
                        1.5f,
                        -2.25,
                        new Binary("ä", StandardCharsets.UTF_8))))));
    all.put(
        "CreateSeries",
        new CreateSeries(
            List.of(
                new SeriesInfo("root.v.d0", false, spec("a", TSDataType.FLOAT)),
                new SeriesInfo("root.v.d0", false, spec("b", TSDataType.BLOB)),
                new SeriesInfo("root.v.d1", true, spec("a", TSDataType.FLOAT))),
            true));
    all.put("DeleteSeries", new DeleteSeries(List.of(PathPattern.parse("root.v.**"))));
    all.put(
        "DeleteData",
        new DeleteData(
            List.of(PathPattern.parse("root.v.d0.`a.b`")), new TimeRange(Long.MIN_VALUE, 10)));
    all.put("Seal", new Seal());
    all.put("NewLeader", new NewLeader(0x1122334455667788L));
    all.put(
        "LoadFile",
        new LoadFile(
            SOURCE,
            null,
            RECORD,
            "piece-1.tsfile",
            1234,
            0xCAFEBABE,
            List.of(new SeriesInfo("root.v.d0", false, spec("a", TSDataType.FLOAT))),
            new TimeRange(1, 2)));
    all.put("WriteLedger", new WriteLedger(ledger(), 77));
    all.put("ForgetSource", new ForgetSource(SOURCE, 3));
    all.put(
        "LoadDeletion",
        new LoadDeletion(
            SOURCE,
            null,
            RECORD,
            new Deletion(
                new TimeRange(1, 9),
                true,
                List.of(new Deletion.Device("root.v.d0", List.of("a", "b"))))));
    all.put(
        "HoldBack",
        new HoldBack(3, 70, 1_000, List.of(new SeriesConflict("root.v.d0", "a", "INT32"))));
    all.put("Rejoin", new Rejoin(3));
    all.put(
        "SendAgain",
        new LogEntry.SendAgain(3, List.of(new Resend.Part("root.v.d0", new TimeRange(-1, 7)))));
    all.put("ForgetPipe", new ForgetPipe(3));
    all.put("Compact", new Compact(5, 0x1122334455667788L, true));
    all.put("Expire", new Expire(0x1122334455667788L, 5));
    all.put("DropDatabase", new LogEntry.DropDatabase());
    return all;
  }

  private static Ledger ledger() {
    return new Ledger(
        SOURCE,
        5,
        7,
        9,
        0,
        new Lineage(List.of(new Lineage.Span(1, 8))),
        List.of(new UUID(5, 6)),
        Map.of(new UUID(5, 6), RECORD),
        new Ledger.PipeFacts("p", 1_000, "127.0.0.1", "root.v", true));
  }

  private static List<String> golden() throws Exception {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                LogEntryBytesTest.class.getResourceAsStream("/golden/log-entry-v1.txt"),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /** What stands in logs written by earlier builds is read for ever: these bytes never change. */
  @Test
  void theBytesAreTheGoldenOnes() throws Exception {
    List<String> lines = new ArrayList<>();
    samples()
        .forEach(
            (name, entry) ->
                lines.add(name + " " + HexFormat.of().formatHex(LogEntryBytes.encode(entry))));
    assertThat(lines).isEqualTo(golden());
  }

  @Test
  void everyKindIsReadBackAsItWasWritten() throws Exception {
    for (LogEntry entry : samples().values()) {
      ByteBuffer bytes = ByteBuffer.wrap(LogEntryBytes.encode(entry));
      assertThat(LogEntryBytes.decode(bytes)).isEqualTo(entry);
      assertThat(LogEntryBytes.decode(bytes.asReadOnlyBuffer())).isEqualTo(entry);
    }
  }

  @Test
  void aTabletIsDecodedWithoutCopying() throws Exception {
    byte[] bytes = LogEntryBytes.encode(Writes.tablet("root.x.d", 0, 10, 2));
    InsertTablet tablet = (InsertTablet) LogEntryBytes.decode(ByteBuffer.wrap(bytes));
    assertThat(tablet.values().array()).isSameAs(bytes);
  }

  @Test
  void anyFlippedBitIsFound() {
    for (LogEntry entry : samples().values()) {
      byte[] bytes = LogEntryBytes.encode(entry);
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThatThrownBy(() -> LogEntryBytes.decode(ByteBuffer.wrap(bytes)))
            .as("bit %s of %s", bit, entry)
            .isInstanceOf(LogEntryDamagedException.class);
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      }
    }
  }

  @Test
  void anyShortenedOrLengthenedEntryIsRefused() {
    for (LogEntry entry : samples().values()) {
      byte[] bytes = LogEntryBytes.encode(entry);
      for (int length = 0; length < bytes.length; length++) {
        ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
        assertThatThrownBy(() -> LogEntryBytes.decode(cut))
            .isInstanceOf(LogEntryDamagedException.class);
      }
      ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).rewind();
      assertThatThrownBy(() -> LogEntryBytes.decode(longer))
          .isInstanceOf(LogEntryDamagedException.class);
    }
  }

  @Test
  void anotherVersionIsNamed() {
    byte[] bytes = LogEntryBytes.encode(new Seal());
    bytes[2] = 2;
    assertThatThrownBy(() -> LogEntryBytes.decode(ByteBuffer.wrap(bytes)))
        .hasMessageContaining("version 2");
  }

  @Test
  void aListOfManySeriesIsSmall() throws Exception {
    List<SeriesInfo> series = new ArrayList<>();
    for (int device = 0; device < 1_000; device++) {
      for (int i = 0; i < 100; i++) {
        series.add(
            new SeriesInfo("root.factory.line.d" + device, false, spec("s" + i, TSDataType.FLOAT)));
      }
    }
    LogEntry entry = new CreateSeries(series, true);
    byte[] bytes = LogEntryBytes.encode(entry);
    assertThat(bytes.length).isLessThan(200_000);
    assertThat(LogEntryBytes.decode(ByteBuffer.wrap(bytes))).isEqualTo(entry);
  }
}
