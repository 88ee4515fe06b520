package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The figures that the nodes give agree with what was done. */
class MetersIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
  private static final int ROWS = 50;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 1);
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
  }

  private static Meters dataNode(LocalCluster cluster) throws Exception {
    return Meters.at(cluster.dataNodes().get(0).port("dn_metric_prometheus_reporter_port"));
  }

  private static Meters configNode() throws Exception {
    return Meters.at(edge.configNodes().get(0).port("cn_metric_prometheus_reporter_port"));
  }

  @Test
  void pipeRegionAndStatementFiguresFollowTheWork() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
      for (int row = 0; row < ROWS; row++) {
        sender.run("insert into root.meters.d(timestamp,a,b) values(" + row + ",1,2)");
      }
      sender.run("flush");
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                Meters sent = dataNode(edge);
                assertThat(sent.sum("sluice_region_ingested_points", "database=\"root.meters\""))
                    .isEqualTo(2 * ROWS);
                assertThat(sent.of("sluice_pipe_position", "pipe=\"p\""))
                    .singleElement()
                    .satisfies(position -> assertThat(position).isPositive());
                assertThat(sent.of("sluice_pipe_unsent_bytes", "pipe=\"p\"")).containsOnly(0.0);
                assertThat(sent.of("sluice_pipe_caught_up", "pipe=\"p\"")).containsOnly(1.0);
                assertThat(sent.of("sluice_pipe_seconds_since_acknowledgement", "pipe=\"p\""))
                    .singleElement()
                    .satisfies(seconds -> assertThat(seconds).isBetween(0.0, 60.0));
                assertThat(sent.sum("sluice_region_file_bytes")).isPositive();
                assertThat(sent.sum("sluice_region_log_bytes")).isPositive();
              });
      assertThat(dataNode(cloud).sum("sluice_receiver_connections")).isPositive();
      assertThat(configNode().sum("sluice_pipe_procedures_total", "operation=\"start\""))
          .isEqualTo(1);
      assertThat(configNode().sum("sluice_metadata_leads")).isEqualTo(1);

      LocalNode receiver = cloud.dataNodes().get(0);
      receiver.kill9();
      sender.run("insert into root.meters.d(timestamp,a,b) values(" + ROWS + ",1,2)");
      await()
          .atMost(ARRIVAL_MAX)
          .untilAsserted(
              () -> {
                Meters cut = dataNode(edge);
                assertThat(cut.sum("sluice_pipe_failures", "pipe=\"p\"")).isPositive();
                assertThat(cut.of("sluice_pipe_caught_up", "pipe=\"p\"")).containsOnly(0.0);
              });
      receiver.start();
      await()
          .atMost(ARRIVAL_MAX)
          .untilAsserted(
              () ->
                  assertThat(dataNode(edge).of("sluice_pipe_caught_up", "pipe=\"p\""))
                      .containsOnly(1.0));
    }
  }
}
