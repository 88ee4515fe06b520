package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.sync.Ledger;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters of one DataNode each: real regions, real TsFiles, a real pipe between them. */
class PipeServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path folder;
  private OneNodeCluster edge;
  private OneNodeCluster cloud;
  private long changes;

  @BeforeEach
  void start() throws Exception {
    edge = new OneNodeCluster(folder.resolve("edge"), 2);
    cloud = new OneNodeCluster(folder.resolve("cloud"), 3);
  }

  @AfterEach
  void stop() {
    edge.close();
    cloud.close();
  }

  private PipeInfo pipe(long number, long startTimeMs, PipeStatus status) {
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", cloud.port(), 0);
    return new PipeInfo("p" + number, number, sink, 5_000, startTimeMs, false, status)
        .setChangedAt(++changes);
  }

  private void run(long number, long startTimeMs) throws Exception {
    edge.pipes()
        .control()
        .operate(PipeOperation.CREATE, pipe(number, startTimeMs, PipeStatus.STOP));
    edge.pipes()
        .control()
        .operate(PipeOperation.START, pipe(number, startTimeMs, PipeStatus.RUNNING));
  }

  private void writeSome(long firstTime) throws Exception {
    for (int device = 0; device < 8; device++) {
      String name = "root.vehicle.d" + device;
      edge.write(tablet(name, firstTime, 500, 3), name);
      edge.write(row("root.ship.x" + device, "speed", firstTime, 7), "root.ship.x" + device);
    }
  }

  private void awaitEqual() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cloud.points()).isEqualTo(edge.points()));
  }

  private List<Ledger> ledgers() {
    return cloud.regions().stream().flatMap(region -> region.ledgers().stream()).toList();
  }

  @Test
  void historyAndRowsWithoutFlushArriveInEveryRegionOfTheReceiver() throws Exception {
    writeSome(1_000);
    edge.flush();
    writeSome(5_000);
    run(1, Long.MIN_VALUE);
    awaitEqual();
    assertThat(edge.points()).hasSize(2 * 8 * (500 * 3 + 1));
    edge.write(row("root.later.d", "s", 1, 1), "root.later.d");
    awaitEqual();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(edge.pipes().control().reports())
                    .containsExactly(new PipeReport(1, PipeHealth.NORMAL, "")));
    assertThat(ledgers()).extracting(ledger -> ledger.pipe().name()).containsOnly("p1");
  }

  @Test
  void theStartTimeCutsExactlyAndDeletedRowsAreNotSent() throws Exception {
    writeSome(1_000);
    edge.flush();
    for (Region region : edge.regions()) {
      if (region.database().equals("root.vehicle")) {
        region
            .propose(
                new LogEntry.DeleteData(
                    List.of(PathPattern.parse("root.vehicle.*.s1")), new TimeRange(1_300, 1_350)))
            .get();
      }
    }
    run(1, 1_200);
    Map<String, String> expected = new TreeMap<>(edge.points());
    expected.keySet().removeIf(key -> Long.parseLong(key.substring(key.indexOf(' ') + 1)) < 1_200);
    assertThat(expected).hasSize(8 * (300 * 3 - 51));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(cloud.points()).isEqualTo(expected));
  }

  @Test
  void aRestartOfEitherNodeResumesThePipe() throws Exception {
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    cloud.stop();
    writeSome(2_000);
    edge.stop();
    edge.start();
    writeSome(3_000);
    cloud.start();
    awaitEqual();
    edge.stop();
    edge.start();
    writeSome(4_000);
    awaitEqual();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(edge.pipes().control().reports())
                    .containsExactly(new PipeReport(1, PipeHealth.NORMAL, "")));
  }

  @Test
  void stopAndDropShowAtTheReceiverAndLateCommandsChangeNothing() throws Exception {
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    PipeInfo stopped = pipe(1, Long.MIN_VALUE, PipeStatus.STOP);
    edge.pipes().control().operate(PipeOperation.STOP, stopped);
    await().atMost(PATIENCE).until(() -> ledgers().stream().noneMatch(l -> l.pipe().running()));
    PipeInfo late = new PipeInfo(stopped).setStatus(PipeStatus.RUNNING).setChangedAt(1);
    edge.pipes().control().operate(PipeOperation.START, late);
    assertThat(edge.pipes().control().reports()).isEmpty();
    edge.pipes().control().operate(PipeOperation.DROP, pipe(1, 0, PipeStatus.DROP));
    await().atMost(PATIENCE).until(() -> ledgers().isEmpty());
    // The table of before the drop is late too; the next one confirms it.
    edge.pipes().control().replace(new PipeTable(2, List.of(late)));
    assertThat(edge.pipes().control().reports()).isEmpty();
    edge.pipes().control().replace(new PipeTable(++changes, List.of()));
    assertThat(edge.pipes().control().tableVersion()).isEqualTo(changes);
    edge.stop();
    edge.start();
    assertThat(edge.pipes().control().reports()).isEmpty();
  }

  @Test
  void aConflictNamesTheSeriesAndTheRestOfTheRegionWaitsForIt() throws Exception {
    cloud.write(tablet("root.ship.x1", 1, 1, 1), "root.ship.x1");
    String device = "root.ship.x1";
    edge.write(row(device, "s0", 5, 5), device);
    run(1, Long.MIN_VALUE);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                edge.pipes().control().reports().get(0).getHealth() == PipeHealth.WARN
                    && edge.pipes().control().reports().get(0).getCause().contains(device));
    assertThat(cloud.points()).hasSize(1);
  }

  @Test
  void whatCameFromTheOtherEndDoesNotGoBack() throws Exception {
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", edge.port(), 0);
    cloud
        .pipes()
        .control()
        .operate(
            PipeOperation.START,
            new PipeInfo("back", 1, sink, 5_000, Long.MIN_VALUE, false, PipeStatus.RUNNING)
                .setChangedAt(1));
    cloud.write(row("root.vehicle.d0", "new", 9, 9), "root.vehicle.d0");
    awaitEqual();
    assertThat(edge.points()).containsKey("root.vehicle.d0.new 9");
    long loaded = 0;
    for (Region region : edge.regions()) {
      loaded += region.view().files().stream().filter(file -> file.loaded()).count();
    }
    assertThat(loaded).isEqualTo(1);
  }
}
