package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.spec;
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
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters of one DataNode each: real regions, real TsFiles, a real pipe between them. */
class PipeServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private OneNodeCluster edge;
  private OneNodeCluster cloud;
  private long changes;
  private boolean syncDeletions;

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
    return new PipeInfo("p" + number, number, sink, 5_000, startTimeMs, syncDeletions, status)
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
    syncDeletions = true;
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

  /** Seen to fail with a drop that is forgotten by the sender's restart. */
  @Test
  void aReceiverThatWasAwayIsToldOfADropAlsoAfterTheSendersRestart() throws Exception {
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    cloud.stop();
    edge.pipes().control().operate(PipeOperation.DROP, pipe(1, 0, PipeStatus.DROP));
    edge.pipes().control().replace(new PipeTable(++changes, List.of()));
    edge.stop();
    edge.start();
    assertThat(edge.pipes().control().reports()).isEmpty();
    cloud.start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(ledgers()).isEmpty());
    await().atMost(PATIENCE).until(() -> edge.untoldDrops() == 0);
  }

  private static void deleteData(OneNodeCluster cluster, String pattern, long first, long last)
      throws Exception {
    for (Region region : cluster.regions()) {
      region
          .propose(
              new LogEntry.DeleteData(
                  List.of(PathPattern.parse(pattern)), new TimeRange(first, last)))
          .get();
    }
  }

  private static List<String> series(OneNodeCluster cluster) throws Exception {
    List<String> paths = new ArrayList<>();
    for (Region region : cluster.regions()) {
      try (RegionView view = region.view()) {
        view.series(List.of(PathPattern.parse("root.**")))
            .forEach(series -> paths.add(series.key().path() + " " + series.spec().type()));
      }
    }
    Collections.sort(paths);
    return paths;
  }

  @Test
  void deletionsTravelInTheOrderOfTheLogAndHideOnlyWhatTheirSenderBrought() throws Exception {
    syncDeletions = true;
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    cloud.write(row("root.ship.x1", "own", 1_200, 5), "root.ship.x1");
    cloud.write(typed("root.vehicle.d1", "s1", TSDataType.DOUBLE, 1, 7.0), "root.vehicle.d1");
    deleteData(edge, "root.vehicle.*.s1", 0, 1_350);
    delete(edge, "root.ship.**");
    delete(edge, "root.vehicle.d2.s0");
    edge.write(
        typed("root.vehicle.d2", "s0", TSDataType.TEXT, 1_100, text("new")), "root.vehicle.d2");
    edge.write(row("root.ship.x1", "speed", 3, 3), "root.ship.x1");
    Map<String, String> expected = edge.points();
    expected.put("root.ship.x1.own 1200", "5");
    expected.put("root.vehicle.d1.s1 1", "7.0");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(cloud.points()).isEqualTo(expected));
    List<String> known = series(edge);
    known.add("root.ship.x1.own INT64");
    Collections.sort(known);
    assertThat(series(cloud)).isEqualTo(known);
    awaitNormal();
    edge.stop();
    edge.start();
    cloud.stop();
    cloud.start();
    delete(edge, "root.vehicle.d5.**");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(series(cloud)).noneMatch(path -> path.contains(".d5.")));
  }

  @Test
  void withoutDeletionsWhatWasSealedArrivesAsItWasWritten() throws Exception {
    writeSome(1_000);
    edge.flush();
    Map<String, String> written = edge.points();
    deleteData(edge, "root.vehicle.*.s1", 0, 1_350);
    delete(edge, "root.ship.x1.**");
    run(1, Long.MIN_VALUE);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(cloud.points()).isEqualTo(written));
    deleteData(edge, "root.vehicle.**", 0, 9_000);
    edge.write(row("root.vehicle.d0", "later", 9, 9), "root.vehicle.d0");
    await().atMost(PATIENCE).until(() -> cloud.points().size() == written.size() + 1);
  }

  private static Binary text(String text) {
    return new Binary(text, StandardCharsets.UTF_8);
  }

  private PipeReport report() {
    return edge.pipes().control().reports().get(0);
  }

  private void awaitNormal() {
    await().atMost(PATIENCE).until(() -> report().getHealth() == PipeHealth.NORMAL);
  }

  private void awaitHeld(int series) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(edge.held(1).stream().filter(part -> part.series().held()))
                  .hasSize(series);
              assertThat(report().getHealth())
                  .isEqualTo(series == 0 ? PipeHealth.NORMAL : PipeHealth.WARN);
            });
  }

  private Map<String, String> edgeWithout(String path) throws Exception {
    Map<String, String> points = edge.points();
    points.keySet().removeIf(key -> key.startsWith(path));
    return points;
  }

  /** Seen to fail with held series not left out. */
  @Test
  void aSeriesOfAnotherTypeIsHeldBackTheRestFlowsAndARetryBringsItWhole() throws Exception {
    String odd = "root.vehicle.d3.s1";
    run(1, Long.MIN_VALUE);
    writeSome(1_000);
    awaitEqual();
    // The cloud makes it anew with another type.
    delete(cloud, odd);
    cloud.write(typed("root.vehicle.d3", "s1", TSDataType.INT32, 1, 7), "root.vehicle.d3");
    writeSome(2_000);
    awaitHeld(1);
    HeldPart held = edge.held(1).get(0);
    assertThat(held.series().key().path()).isEqualTo(odd);
    assertThat(held.series().reason()).contains("registered type INT32");
    assertThat(held.times()).isEqualTo(new TimeRange(2_000, 2_499));
    awaitRest(odd);
    edge.stop();
    edge.start();
    writeSome(3_000);
    awaitRest(odd);
    awaitHeld(1);
    assertThat(edge.held(1).get(0).times().last()).isEqualTo(3_499);
    // Not mended: it is refused again, and stays.
    edge.retry(1);
    awaitHeld(1);
    delete(cloud, odd);
    edge.retry(1);
    awaitEqual();
    awaitHeld(0);
    writeSome(4_000);
    awaitEqual();
    awaitNormal();
  }

  @Test
  void aDeviceThatIsAlignedAtOneEndIsHeldBackWhole() throws Exception {
    String device = "root.ship.x1";
    cloud.write(aligned(tablet(device, 1, 1, 1)), device);
    writeSome(1_000);
    run(1, Long.MIN_VALUE);
    awaitHeld(1);
    awaitRest(device);
    delete(cloud, device + ".**");
    edge.retry(1);
    awaitEqual();
    awaitHeld(0);
  }

  @Test
  void whatADroppedPipeHeldBackIsForgotten() throws Exception {
    String device = "root.ship.x1";
    cloud.write(aligned(tablet(device, 1, 1, 1)), device);
    edge.write(row(device, "s0", 5, 5), device);
    run(1, Long.MIN_VALUE);
    awaitHeld(1);
    edge.pipes().control().operate(PipeOperation.DROP, pipe(1, 0, PipeStatus.DROP));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(edge.held(1)).isEmpty());
  }

  private static LogEntry typed(
      String device, String measurement, TSDataType type, long time, Object value) {
    return new LogEntry.InsertRows(
        List.of(
            new LogEntry.Row(
                device, false, time, List.of(spec(measurement, type)), List.of(value))));
  }

  private static LogEntry aligned(LogEntry.InsertTablet tablet) {
    return new LogEntry.InsertTablet(
        tablet.device(),
        true,
        tablet.columns(),
        tablet.rows(),
        tablet.layout(),
        tablet.times(),
        tablet.values());
  }

  private static void delete(OneNodeCluster cluster, String pattern) throws Exception {
    for (Region region : cluster.regions()) {
      region.propose(new LogEntry.DeleteSeries(List.of(PathPattern.parse(pattern)))).get();
    }
  }

  /** Points of the other type stay as they are. */
  private void awaitRest(String path) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Map<String, String> arrived = cloud.points();
              arrived.keySet().removeIf(key -> key.startsWith(path));
              assertThat(arrived).isEqualTo(edgeWithout(path));
            });
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
