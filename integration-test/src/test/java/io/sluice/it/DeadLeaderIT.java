package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A DataNode that is down and leads what was not sent: SHOW PIPES does not call that normal. */
class DeadLeaderIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);

  /** Silence of a node is noticed within seconds, long before it counts as Unknown. */
  private static final Duration NOTICE_MAX = Duration.ofSeconds(20);

  private static final int DEVICES = 12;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 2);
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
  }

  private static void insert(Sql sql, int time) throws Exception {
    for (int device = 0; device < DEVICES; device++) {
      sql.run(
          "insert into root.dead.d" + device + "(timestamp,s) values(" + time + "," + time + ")");
    }
  }

  private static void awaitMessage(Sql sql, String message, Duration max) {
    await()
        .atMost(max)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(sql.table("SHOW PIPE p").only("Message")).isEqualTo(message));
  }

  @Test
  void thePipeSaysWarnAndItsDetailsNameNodeAndRegionUntilItIsBack() throws Exception {
    try (Sql sql = Sql.at(edge.clientPort(0));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      sql.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p",
          "CREATE DATABASE root.dead");
      insert(sql, 1);
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(receiver.table("select s from root.dead.** align by device").rows())
                      .hasSize(DEVICES));
      awaitMessage(sql, "NORMAL", ARRIVAL_MAX);

      LocalNode dead = edge.dataNodes().get(1);
      int deadId = Members.id(sql, dead);
      List<Members.Replica> held =
          Members.replicas(sql, "root.dead").stream()
              .filter(replica -> replica.node() == deadId)
              .toList();
      assertThat(held).isNotEmpty();
      dead.kill9();

      awaitMessage(sql, "WARN", NOTICE_MAX);
      assertThat(sql.table("SHOW PIPE p").only("Status")).isEqualTo("RUNNING");
      Sql.Table details = sql.table("SHOW PIPE p DETAILS");
      for (Members.Replica replica : held) {
        List<String> row =
            details.rows().stream()
                .filter(
                    each ->
                        details.value(each, "Region").equals(Integer.toString(replica.region())))
                .findFirst()
                .orElseThrow(
                    () -> new AssertionError("no region " + replica + " in " + details.rows()));
        assertThat(details.value(row, "Message")).as("%s", row).isEqualTo("WARN");
        assertThat(details.value(row, "Cause"))
            .contains("DataNode " + replica.node())
            .contains("no leader that is heard");
      }

      dead.start();
      awaitMessage(sql, "NORMAL", ARRIVAL_MAX);
      insert(sql, 2);
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(receiver.table("select s from root.dead.** align by device").rows())
                      .hasSize(2 * DEVICES));
    }
  }
}
