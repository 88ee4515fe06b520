package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/** Two clusters of one process each, and what is looked at on both of them. */
record EdgeAndCloud(LocalCluster edge, LocalCluster cloud) {
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);

  static EdgeAndCloud start(TestClusters clusters) throws Exception {
    LocalCluster edge = clusters.named("edge");
    edge.addStandalone().start();
    LocalCluster cloud = clusters.named("cloud");
    cloud.addStandalone().start();
    return new EdgeAndCloud(edge, cloud);
  }

  /** Pipe p from one to the other, running, with deletions. */
  void pipe() throws Exception {
    try (Sql sender = atEdge()) {
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s FROM (SELECT ** FROM root) WITH SyncDelOp=true",
          "START PIPE p");
    }
  }

  Sql atEdge() throws Exception {
    return Sql.at(edge.clientPort(0));
  }

  Sql atCloud() throws Exception {
    return Sql.at(cloud.clientPort(0));
  }

  static void soon(ThrowingRunnable check) {
    await().atMost(SEEN_WITHIN).ignoreExceptions().untilAsserted(check);
  }

  /** That a query shows rows of these times, soon. */
  static void rows(Sql sql, String query, String... times) {
    soon(
        () ->
            assertThat(sql.table(query).rows().stream().map(row -> row.get(0)))
                .containsExactly(times));
  }
}
