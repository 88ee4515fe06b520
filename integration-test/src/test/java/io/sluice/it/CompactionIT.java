package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A trickle of hours in a minute: each row is sealed by itself, while nodes end as in a power cut,
 * the receiver is away, the pipe stands. Files stay few, the log stays short, every row arrives.
 * Seen to fail while files that came through a pipe waited ten minutes before a merge could take
 * them.
 */
class CompactionIT {
  private static final Duration PHASE_MAX = Duration.ofMinutes(2);

  /** Between two tries to log in. */
  private static final long RETRY_MS = 250;

  private static final String DATABASE = "root.compact";
  private static final int FILES_MAX = 64;

  /** Rows, and files there would be, of each of the phases. */
  private static final int SEALS = 90;

  /** Makes the rows of a phase more than a segment of the log. */
  private static final String PADDING = "p".repeat(100 << 10);

  /** Three segments. */
  private static final long LOG_BYTES_MAX = 24 << 20;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  private final Thread load = new Thread(this::writeUntilFinished, "load");

  /** Rows 1 to this one are acknowledged and sealed. */
  private volatile int rows;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile Exception cutOff;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge", Map.of("pipe_seal_delay_in_ms", "20"));
    edge.addStandalone().start();
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
    onEdge(
        "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
        "CREATE PIPE p TO s WITH SyncDelOp=true",
        "START PIPE p");
  }

  @AfterEach
  void finish() throws InterruptedException {
    finished.countDown();
    load.join();
  }

  @Test
  void filesStayFewThroughKillsOfEitherSideAndEveryRowArrives() throws Exception {
    LocalNode sending = edge.dataNodes().get(0);
    LocalNode receiving = cloud.dataNodes().get(0);
    load.start();
    awaitRows(SEALS / 2);
    sending.kill9();
    sending.start();
    awaitRows(SEALS);
    receiving.kill9();
    awaitRows(2 * SEALS);
    receiving.start();
    awaitRows(5 * SEALS / 2);
    onEdge("STOP PIPE p");
    awaitRows(3 * SEALS);
    sending.kill9();
    sending.start();
    awaitRows(7 * SEALS / 2);
    onEdge("START PIPE p");
    awaitRows(4 * SEALS);
    finish();
    await()
        .atMost(PHASE_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              for (LocalCluster side : List.of(edge, cloud)) {
                assertAllThere(side);
                assertThat(figure(side, "sluice_region_files").getAsDouble())
                    .isBetween(1.0, (double) FILES_MAX);
                assertThat(figure(side, "sluice_region_log_bytes").getAsDouble())
                    .isBetween(1.0, (double) LOG_BYTES_MAX);
              }
            });
  }

  private static void onEdge(String... statements) throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run(statements);
    }
  }

  private void writeUntilFinished() {
    try {
      do {
        writeUntilCutOff();
      } while (!finished.await(RETRY_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeUntilCutOff() {
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      while (finished.getCount() > 0) {
        int row = rows + 1;
        sender.run(
            "insert into %s.d(timestamp,s,pad) values(%d,%d,'%s')"
                .formatted(DATABASE, row, row, PADDING),
            "flush");
        rows = row;
      }
    } catch (IoTDBConnectionException | StatementExecutionException e) {
      // Once more, the same row: nobody said whether it is there.
      cutOff = e;
    }
  }

  private void awaitRows(int count) {
    await()
        .atMost(PHASE_MAX)
        .failFast(CompactionIT::assertFew)
        .untilAsserted(() -> assertThat(rows).as("%s", cutOff).isGreaterThanOrEqualTo(count));
  }

  private static void assertFew() throws InterruptedException {
    for (LocalCluster side : List.of(edge, cloud)) {
      assertThat(figure(side, "sluice_region_files").orElse(0)).isLessThanOrEqualTo(FILES_MAX);
    }
  }

  private void assertAllThere(LocalCluster side) throws Exception {
    try (Sql sql = Sql.at(side.clientPort(0))) {
      List<String> times =
          sql.table("select s from " + DATABASE + ".d").rows().stream()
              .map(row -> row.get(0))
              .toList();
      assertThat(times)
          .isEqualTo(IntStream.rangeClosed(1, rows).mapToObj(String::valueOf).toList());
    }
  }

  /** The largest of its regions; empty while the node does not answer, or has no such region. */
  private static OptionalDouble figure(LocalCluster cluster, String name)
      throws InterruptedException {
    LocalNode node = cluster.dataNodes().get(0);
    try {
      return Meters.at(node.port("dn_metric_prometheus_reporter_port"))
          .of(name, "database=\"" + DATABASE + "\"")
          .stream()
          .mapToDouble(value -> value)
          .max();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }
}
