package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cloud of three replicas that loses nodes while edges send. */
@NeedsEngine
class CloudClusterIT {
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(4);
  private static final Duration PERIOD = Duration.ofMillis(50);
  private static final int ROUNDS = 60;

  @RegisterExtension static final Stage STAGE = new Stage();

  private static SluiceCluster edge;
  private static SluiceCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = STAGE.start(STAGE.cluster("edge"));
    cloud =
        STAGE.start(
            STAGE
                .cluster("cloud")
                .nodes(3, 3)
                .with("data_replication_factor", "3")
                .with("ip_white_list", edge.dataNode(0).address() + "/32"));
    try (Sql sender = edge.sql()) {
      sender.run(
          "CREATE PIPESINK cloud AS IoTDB (ip='" + cloud.dataNode(0).address() + "',port=6667)");
    }
  }

  @AfterEach
  void mend() {
    STAGE.faults().heal();
    for (SluiceNode node : cloud.nodes()) {
      node.resume();
      node.begin();
    }
    cloud.nodes().forEach(SluiceNode::awaitServing);
    cloud.awaitAllRunning();
    edge.dropPipes();
  }

  private interface Losses {
    void happen(AcknowledgedRows rows) throws Exception;
  }

  private static void uploadDuring(String name, Losses losses) throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows("root." + name, edge.dataNodes())) {
      edge.pipe(name, "cloud", "RUNNING");
      rows.write(ROUNDS);
      rows.awaitOn(cloud.dataNode(0), RECOVERY_MAX);
      rows.begin(PERIOD);
      losses.happen(rows);
      rows.end();
      rows.awaitEverywhere(edge, cloud, name, RECOVERY_MAX);
      // Wherever a client asks.
      for (SluiceNode node : cloud.dataNodes()) {
        rows.awaitOn(node, RECOVERY_MAX);
      }
    }
  }

  /** Rows written from now on arrive. */
  private static void awaitProgress(AcknowledgedRows rows, SluiceNode asked) {
    long then = rows.count();
    await()
        .atMost(RECOVERY_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql receiver = asked.sql()) {
                Sql.Table counted =
                    receiver.table("select count(v) from " + rows.database() + ".*");
                long arrived = counted.rows().get(0).stream().mapToLong(Long::parseLong).sum();
                assertThat(arrived).isGreaterThan(then);
              }
            });
  }

  @Test
  void aReceiverNodeThatDiesOrFreezesDuringTheUploadIsLeftForAnother() throws Exception {
    uploadDuring(
        "lossoften",
        rows -> {
          // The one that the sink names, and whichever leads: each in turn.
          for (int number = 0; number < 3; number++) {
            SluiceNode lost = cloud.dataNode(number);
            SluiceNode asked = cloud.dataNode((number + 1) % 3);
            if (number % 2 == 0) {
              lost.kill();
            } else {
              lost.pause();
            }
            awaitProgress(rows, asked);
            lost.resume();
            lost.begin();
            lost.awaitServing();
          }
        });
  }

  @Test
  void aReceiverNodeCutOffFromItsPeersIsNoObstacle() throws Exception {
    uploadDuring(
        "apart",
        rows -> {
          SluiceNode apart = cloud.dataNode(2);
          List<SluiceNode> others = new ArrayList<>(cloud.nodes());
          others.remove(apart);
          STAGE.faults().cut(apart, others);
          awaitProgress(rows, cloud.dataNode(0));
          STAGE.faults().heal();
        });
  }

  @Test
  void aRollingRestartUnderLoadIsNotNoticed() throws Exception {
    uploadDuring(
        "rolling",
        rows -> {
          for (SluiceNode node : cloud.nodes()) {
            node.stop();
            rows.awaitMore(ROUNDS / 10);
            node.start();
            cloud.awaitAllRunning();
          }
          assertThat(rows.refusals()).as("writes at the edge that met a refusal").isZero();
        });
  }
}
