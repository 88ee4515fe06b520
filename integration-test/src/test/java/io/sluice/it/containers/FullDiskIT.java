package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.time.Duration;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A disk fills up on either side; when there is room again everything goes on by itself. */
@NeedsEngine
class FullDiskIT {
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(3);
  private static final int DISK_MB = 64;
  private static final int ROUNDS = 40;
  private static final int READ_ONLY = 600;

  @RegisterExtension static final Stage STAGE = new Stage();

  private static SluiceCluster edge;
  private static SluiceCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = STAGE.start(STAGE.cluster("edge").diskMb(DISK_MB));
    cloud =
        STAGE.start(
            STAGE
                .cluster("cloud")
                .diskMb(DISK_MB)
                .with("ip_white_list", edge.dataNode(0).address() + "/32"));
    try (Sql sender = edge.sql()) {
      sender.run(
          "CREATE PIPESINK cloud AS IoTDB (ip='" + cloud.dataNode(0).address() + "',port=6667)");
    }
  }

  @AfterEach
  void makeRoom() throws Exception {
    edge.dataNode(0).freeDisk();
    cloud.dataNode(0).freeDisk();
    edge.dropPipes();
  }

  private static AcknowledgedRows flowing(String name) throws Exception {
    AcknowledgedRows rows = new AcknowledgedRows("root." + name, edge.dataNodes());
    edge.pipe(name, "cloud", "RUNNING");
    rows.write(ROUNDS);
    rows.awaitOn(cloud.dataNode(0), RECOVERY_MAX);
    return rows;
  }

  private static void awaitStatus(SluiceCluster cluster, String status) {
    await()
        .atMost(RECOVERY_MAX)
        .untilAsserted(
            () -> {
              try (Sql sql = cluster.sql()) {
                assertThat(sql.table("SHOW DATANODES").only("Status")).isEqualTo(status);
              }
            });
  }

  @Test
  void aFullEdgeRefusesWritesAndSendsOn() throws Exception {
    try (AcknowledgedRows rows = flowing("fulledge");
        Sql sender = edge.sql()) {
      edge.dataNode(0).fillDisk();
      awaitStatus(edge, "ReadOnly");
      assertThatExceptionOfType(StatementExecutionException.class)
          .isThrownBy(() -> sender.run("insert into root.fulledge.d0(timestamp,v) values(1,1)"))
          .satisfies(refused -> assertThat(refused.getStatusCode()).isEqualTo(READ_ONLY));
      edge.dataNode(0).freeDisk();
      awaitStatus(edge, "Running");
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "fulledge", RECOVERY_MAX);
    }
  }

  @Test
  void aFullCloudHoldsThePipeAndLosesNothing() throws Exception {
    try (AcknowledgedRows rows = flowing("fullcloud");
        Sql sender = edge.sql()) {
      cloud.dataNode(0).fillDisk();
      awaitStatus(cloud, "ReadOnly");
      rows.write(ROUNDS);
      await()
          .atMost(RECOVERY_MAX)
          .untilAsserted(
              () ->
                  assertThat(sender.table("SHOW PIPE fullcloud").only("Message"))
                      .as("a pipe that cannot deliver says so")
                      .isNotEqualTo("NORMAL"));
      cloud.dataNode(0).freeDisk();
      awaitStatus(cloud, "Running");
      rows.awaitEverywhere(edge, cloud, "fullcloud", RECOVERY_MAX);
    }
  }
}
