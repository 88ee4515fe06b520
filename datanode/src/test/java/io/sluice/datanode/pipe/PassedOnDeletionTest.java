package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on from cluster to cluster: A to B to C, A and B both ways, and all three around. */
class PassedOnDeletionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private OneNodeCluster a;
  private OneNodeCluster b;
  private OneNodeCluster c;
  private long changes;

  @BeforeEach
  void start() throws Exception {
    a = new OneNodeCluster(folder.resolve("a"), 1);
    b = new OneNodeCluster(folder.resolve("b"), 2);
    c = new OneNodeCluster(folder.resolve("c"), 2);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    c.close();
  }

  private void pipe(OneNodeCluster from, OneNodeCluster to) throws Exception {
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", to.port(), 0);
    PipeInfo pipe =
        new PipeInfo("p", 1, sink, 5_000, Long.MIN_VALUE, true, PipeStatus.RUNNING)
            .setChangedAt(++changes);
    from.pipes().control().operate(PipeOperation.START, pipe);
  }

  private static void delete(OneNodeCluster cluster, LogEntry deletion) throws Exception {
    for (Region region : cluster.regions()) {
      region.propose(deletion).get();
    }
  }

  private static void awaitPoints(OneNodeCluster cluster, String... points) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(cluster.points().keySet()).containsExactlyInAnyOrder(points));
  }

  /**
   * Bugs put back and seen: such a deletion ends at B; one goes on that B's own rows would miss.
   */
  @Test
  void whatAHasDeletedGoesAtBAndAtCAndWhatBWroteStays() throws Exception {
    pipe(a, b);
    pipe(b, c);
    for (String device : List.of("root.x.alone", "root.x.gone", "root.x.shared")) {
      a.write(row(device, "s", 1, 1), device);
      a.write(row(device, "s", 2, 2), device);
    }
    b.write(row("root.x.shared", "s", 3, 3), "root.x.shared");
    String[] all = {
      "root.x.alone.s 1",
      "root.x.alone.s 2",
      "root.x.gone.s 1",
      "root.x.gone.s 2",
      "root.x.shared.s 1",
      "root.x.shared.s 2",
      "root.x.shared.s 3"
    };
    awaitPoints(b, all);
    awaitPoints(c, all);
    c.write(row("root.x.gone", "own", 9, 9), "root.x.gone");
    delete(a, new LogEntry.DeleteSeries(List.of(PathPattern.parse("root.x.gone.**"))));
    TimeRange first = new TimeRange(1, 1);
    delete(a, new LogEntry.DeleteData(List.of(PathPattern.parse("root.x.alone.s")), first));
    TimeRange everything = new TimeRange(0, 9);
    delete(a, new LogEntry.DeleteData(List.of(PathPattern.parse("root.x.shared.s")), everything));
    a.write(row("root.x.alone", "s", 5, 5), "root.x.alone");
    awaitPoints(b, "root.x.alone.s 2", "root.x.alone.s 5", "root.x.shared.s 3");
    awaitPoints(
        c, "root.x.alone.s 2", "root.x.alone.s 5", "root.x.gone.own 9", "root.x.shared.s 3");
  }

  /**
   * Every row comes to every cluster, none comes back, and a deletion goes the same way. Bug put
   * back and seen: rows go round for ever.
   */
  @Test
  void aroundARingRowsEndBeforeTheirOwnCluster() throws Exception {
    pipe(a, b);
    pipe(b, c);
    pipe(c, a);
    a.write(row("root.x.d", "s", 1, 1), "root.x.d");
    b.write(row("root.x.d", "s", 2, 2), "root.x.d");
    c.write(row("root.x.d", "s", 3, 3), "root.x.d");
    for (OneNodeCluster one : List.of(a, b, c)) {
      awaitPoints(one, "root.x.d.s 1", "root.x.d.s 2", "root.x.d.s 3");
    }
    TimeRange all = new TimeRange(0, 9);
    delete(a, new LogEntry.DeleteData(List.of(PathPattern.parse("root.x.d.s")), all));
    awaitPoints(a);
    // C's row came to B by way of A.
    awaitPoints(b, "root.x.d.s 2");
    awaitPoints(c, "root.x.d.s 2", "root.x.d.s 3");
    a.write(row("root.x.d", "s", 4, 4), "root.x.d");
    awaitPoints(c, "root.x.d.s 2", "root.x.d.s 3", "root.x.d.s 4");
    await()
        .during(Duration.ofSeconds(3))
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (OneNodeCluster one : List.of(a, b, c)) {
                assertThat(loaded(one)).as("files that came, each once").isEqualTo(came(one));
              }
            });
  }

  /** Of each of the two others one file, and of A one more. */
  private long came(OneNodeCluster cluster) {
    return cluster == a ? 2 : 3;
  }

  private static long loaded(OneNodeCluster cluster) {
    long loaded = 0;
    for (Region region : cluster.regions()) {
      try (RegionView view = region.view()) {
        loaded += view.files().stream().filter(SealedFile::loaded).count();
      }
    }
    return loaded;
  }

  /** Bug put back and seen: it goes back to where it came from. */
  @Test
  void bothWaysItEndsWhereItCameFrom() throws Exception {
    pipe(a, b);
    pipe(b, a);
    a.write(row("root.x.d", "s", 1, 1), "root.x.d");
    awaitPoints(b, "root.x.d.s 1");
    TimeRange first = new TimeRange(1, 1);
    delete(a, new LogEntry.DeleteData(List.of(PathPattern.parse("root.x.d.s")), first));
    awaitPoints(b);
    a.write(row("root.x.d", "s", 2, 2), "root.x.d");
    b.write(row("root.x.e", "s", 3, 3), "root.x.e");
    awaitPoints(a, "root.x.d.s 2", "root.x.e.s 3");
    awaitPoints(b, "root.x.d.s 2", "root.x.e.s 3");
    for (Region region : a.regions()) {
      try (RegionView view = region.view()) {
        assertThat(view.hidden(new SeriesKey("root.x.d", "s")))
            .as("its own alone")
            .allMatch(hidden -> hidden.route().isHere());
      }
    }
  }
}
