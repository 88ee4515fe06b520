package io.sluice.datanode.statement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;

class PointWriterTest {
  private final FakeCluster cluster = new FakeCluster();
  private final PointWriter writer = cluster.executor().writer();

  private LogEntry.Row row(String device, long time, TSDataType type, Object value) {
    SeriesSpec spec = writer.storage().spec("s", type);
    return new LogEntry.Row(device, false, time, List.of(spec), List.of(value));
  }

  @Test
  void oneBadRowCostsOnlyItself() {
    writer.writeRows(List.of(row("root.db.d", 0, TSDataType.INT32, 1)));
    List<LogEntry.Row> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(
          i == 37 || i == 90
              ? row("root.db.d", i, TSDataType.INT64, 1L)
              : row("root.db.d", i, TSDataType.INT32, 1));
    }
    List<WriteOutcome> outcomes = writer.writeRows(rows);
    assertThat(IntStream.range(0, 100).filter(i -> !outcomes.get(i).done()))
        .containsExactly(37, 90);
    assertThat(outcomes.get(37).code()).isEqualTo(StatusCode.METADATA_ERROR);
    assertThat(pointsOf("root.db.d")).isEqualTo(98);
  }

  @Test
  void ofASingleRefusedRowTheRightValuesAreWritten() {
    writer.writeRows(List.of(row("root.db.d", 0, TSDataType.INT32, 1)));
    List<SeriesSpec> columns =
        List.of(
            writer.storage().spec("s", TSDataType.INT64),
            writer.storage().spec("t", TSDataType.BOOLEAN));
    List<WriteOutcome> outcomes =
        writer.writeRows(
            List.of(new LogEntry.Row("root.db.d", false, 1, columns, List.of(1L, true))));
    assertThat(outcomes.get(0).code()).isEqualTo(StatusCode.METADATA_ERROR);
    assertThat(pointsOf("root.db.d")).as("of s").isEqualTo(1);
    assertThat(cluster.entries(LogEntry.InsertRows.class))
        .last()
        .satisfies(entry -> assertThat(entry.rows().get(0).values()).containsExactly(true));
  }

  @Test
  void rowsOfAUnavailableRegionAreAllToBeSentAgain() throws Exception {
    writer.writeRows(List.of(row("root.db.d", 0, TSDataType.INT32, 1)));
    ((FakeRegion) cluster.regionOf("root.db.d"))
        .answerNext(new ApplyResult.Unavailable(StatusCode.WRITE_REJECTED, "memory is full"));
    List<WriteOutcome> outcomes =
        writer.writeRows(
            List.of(
                row("root.db.d", 1, TSDataType.INT32, 1),
                row("root.db.d", 2, TSDataType.INT32, 1)));
    assertThat(outcomes)
        .containsOnly(new WriteOutcome(StatusCode.WRITE_REJECTED, "memory is full", true));
    assertThat(pointsOf("root.db.d")).isEqualTo(1);
  }

  @Test
  void manyRowsBecomeFewEntriesInOrder() {
    List<LogEntry.Row> rows =
        IntStream.range(0, 2_500).mapToObj(i -> row("root.db.d", 1, TSDataType.INT32, i)).toList();
    assertThat(writer.writeRows(rows)).allMatch(WriteOutcome::done);
    List<LogEntry.InsertRows> entries = cluster.entries(LogEntry.InsertRows.class);
    assertThat(entries).hasSize(3);
    assertThat(entries.stream().flatMap(entry -> entry.rows().stream()).toList()).isEqualTo(rows);
  }

  @Test
  void codesBetweenNodesNeverReachAClient() throws Exception {
    writer.writeRows(List.of(row("root.db.d", 0, TSDataType.INT32, 1)));
    ((FakeRegion) cluster.regionOf("root.db.d"))
        .answerNext(new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, "moved"));
    assertThat(writer.writeRows(List.of(row("root.db.d", 1, TSDataType.INT32, 1))))
        .containsOnly(new WriteOutcome(StatusCode.DISPATCH_ERROR, "moved", true));
  }

  private int pointsOf(String device) {
    return cluster.databases.values().stream()
        .flatMap(List::stream)
        .mapToInt(region -> region.pointsOf(device, "s"))
        .sum();
  }
}
