package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Regions with three replicas on three DataNodes, of which one is lost at a time. */
class ReplicasIT {
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(90);
  private static final int ROWS = 60;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge", Map.of("data_replication_factor", "3")).start(1, 3);
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
    try (Sql sql = Sql.at(node(0))) {
      Members.awaitRunning(edge, sql);
    }
  }

  private static LocalNode node(int number) {
    return edge.dataNodes().get(number);
  }

  @AfterEach
  void mend() throws Exception {
    for (LocalNode each : edge.nodes()) {
      if (!each.alive()) {
        each.start();
      }
      each.resume();
    }
  }

  private static LocalNode leaderOf(Sql sql, String database) throws Exception {
    int id =
        Members.replicas(sql, database).stream()
            .filter(Members.Replica::leads)
            .findFirst()
            .orElseThrow()
            .node();
    for (LocalNode each : edge.dataNodes()) {
      if (Members.id(sql, each) == id) {
        return each;
      }
    }
    throw new AssertionError("DataNode " + id + " is none of ours");
  }

  private static List<LocalNode> others(LocalNode lost) {
    return edge.dataNodes().stream().filter(each -> each != lost).toList();
  }

  private static void awaitThere(LocalNode at, AcknowledgedRows rows) {
    await()
        .atMost(RECOVERY_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = Sql.at(at)) {
                rows.assertThere(sql);
              }
            });
  }

  private static void awaitRunning(Sql sql, String database) {
    await()
        .atMost(RECOVERY_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(Members.replicas(sql, database))
                    .allSatisfy(replica -> assertThat(replica.status()).isEqualTo("Running"))
                    .anySatisfy(replica -> assertThat(replica.leads()).isTrue()));
  }

  @Test
  void writesGoOnWithoutTheLeaderAndWhatCameMeanwhileReachesItLater() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE DATABASE root.lost");
      awaitRunning(sql, "root.lost");
    }
    LocalNode lost;
    try (Sql sql = Sql.at(node(0))) {
      lost = leaderOf(sql, "root.lost");
    }
    try (AcknowledgedRows rows = AcknowledgedRows.start("root.lost", others(lost))) {
      await().atMost(RECOVERY_MAX).until(() -> rows.count() > ROWS);
      lost.kill9();
      int before = rows.count();
      await().atMost(RECOVERY_MAX).until(() -> rows.count() > before + ROWS);
      lost.start();
      int after = rows.count();
      await().atMost(RECOVERY_MAX).until(() -> rows.count() > after + ROWS);
      rows.finish();
      try (Sql sql = Sql.at(lost)) {
        awaitRunning(sql, "root.lost");
      }
      // with another one gone it takes the one that was away to make a majority
      LocalNode second = others(lost).get(0);
      second.kill9();
      awaitThere(lost, rows);
      awaitThere(others(lost).get(1), rows);
    }
  }

  @Test
  void aHangingLeaderIsReplaced() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE DATABASE root.hangs");
      awaitRunning(sql, "root.hangs");
      LocalNode hangs = leaderOf(sql, "root.hangs");
      try (AcknowledgedRows rows = AcknowledgedRows.start("root.hangs", others(hangs))) {
        await().atMost(RECOVERY_MAX).until(() -> rows.count() > ROWS);
        hangs.pause();
        int before = rows.count();
        await().atMost(RECOVERY_MAX).until(() -> rows.count() > before + ROWS);
        hangs.resume();
        rows.finish();
        for (LocalNode each : edge.dataNodes()) {
          awaitThere(each, rows);
        }
      }
    }
  }

  @Test
  void thePipeGoesOnFromTheNewLeader() throws Exception {
    LocalNode receiver = cloud.dataNodes().get(0);
    try (Sql sql = Sql.at(node(0))) {
      sql.run(
          "CREATE DATABASE root.shipped",
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + receiver.port("dn_rpc_port") + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
      awaitRunning(sql, "root.shipped");
    }
    for (int round = 0; round < 2; round++) {
      LocalNode lost;
      try (Sql sql = Sql.at(node(0))) {
        lost = leaderOf(sql, "root.shipped");
      }
      String database = "root.shipped.r" + round;
      try (AcknowledgedRows rows = AcknowledgedRows.start(database, others(lost))) {
        await().atMost(RECOVERY_MAX).until(() -> rows.count() > ROWS);
        lost.kill9();
        int before = rows.count();
        await().atMost(RECOVERY_MAX).until(() -> rows.count() > before + ROWS);
        rows.finish();
        awaitThere(receiver, rows);
        lost.start();
        awaitThere(lost, rows);
        awaitThere(receiver, rows);
      }
      try (Sql sql = Sql.at(node(0))) {
        awaitRunning(sql, "root.shipped");
      }
    }
  }

  @Test
  void leadersAreSpreadEvenly() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE DATABASE root.spread1", "CREATE DATABASE root.spread2");
      await()
          .atMost(RECOVERY_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                Sql.Table shown = sql.table("SHOW REGIONS");
                Map<String, Long> ledByNode =
                    shown.rows().stream()
                        .filter(row -> shown.value(row, "Role").equals("Leader"))
                        .collect(
                            Collectors.groupingBy(
                                row -> shown.value(row, "DataNodeId"), Collectors.counting()));
                assertThat(ledByNode).hasSize(3);
                long most = ledByNode.values().stream().max(Long::compare).orElseThrow();
                long least = ledByNode.values().stream().min(Long::compare).orElseThrow();
                assertThat(most - least).as("%s", ledByNode).isLessThanOrEqualTo(1);
              });
    }
  }
}
