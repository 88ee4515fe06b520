package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is in a pipe's way, as an operator sees it: what IoTDB's classic tool hides, skips or needs
 * STOP and START for. Killed senders with unflushed rows are {@link KilledDataNodeIT}'s.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TroubledPipeIT {
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge");
    edge.addStandalone().start();
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
    try (Sql sender = edge()) {
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s FROM (SELECT ** FROM root) WITH SyncDelOp=true",
          "START PIPE p");
    }
  }

  private static Sql edge() throws Exception {
    return Sql.at(edge.clientPort(0));
  }

  private static Sql cloud() throws Exception {
    return Sql.at(cloud.clientPort(0));
  }

  private static void soon(ThrowingRunnable check) {
    await().atMost(SEEN_WITHIN).ignoreExceptions().untilAsserted(check);
  }

  private static void shows(Sql sender, String message) {
    soon(() -> assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo(message));
  }

  private static void rows(Sql sql, String query, String... times) {
    soon(
        () ->
            assertThat(sql.table(query).rows().stream().map(row -> row.get(0)))
                .containsExactly(times));
  }

  @Test
  @Order(1)
  void aDeletionTravelsInTheOrderOfTheLog() throws Exception {
    try (Sql sender = edge();
        Sql receiver = cloud()) {
      sender.run("CREATE DATABASE root.del");
      for (int time = 1; time <= 5; time++) {
        sender.run(
            "insert into root.del.d(timestamp,s,t) values(" + time + "," + time + "," + time + ")");
      }
      rows(receiver, "select s from root.del.d", "1", "2", "3", "4", "5");
      sender.run(
          "delete from root.del.d.s where time <= 3",
          "insert into root.del.d(timestamp,s) values(2,20)");
      rows(receiver, "select s from root.del.d", "2", "4", "5");
      rows(receiver, "select t from root.del.d", "1", "2", "3", "4", "5");
      sender.run("DELETE TIMESERIES root.del.d.t");
      soon(() -> assertThat(receiver.table("SHOW TIMESERIES root.del.d.*").rows()).hasSize(1));
      rows(receiver, "select s from root.del.d", "2", "4", "5");
      shows(sender, "NORMAL");
    }
  }

  @Test
  @Order(2)
  void whatIsRefusedIsHeldBackAndNamedAndTheRestFlowsOn() throws Exception {
    try (Sql sender = edge();
        Sql receiver = cloud()) {
      receiver.run("insert into root.clash.d(timestamp,s) values(1,'text')");
      sender.run(
          "insert into root.clash.d(timestamp,s,t) values(10,1.5,1)",
          "insert into root.clash.d(timestamp,s,t) values(11,2.5,2)");
      rows(receiver, "select t from root.clash.d", "10", "11");
      shows(sender, "WARN");
      Sql.Table held = sender.table("SHOW PIPE p QUARANTINE");
      assertThat(held.only("Series")).isEqualTo("root.clash.d.s");
      assertThat(held.only("State")).isEqualTo("HELD");
      assertThat(held.only("Reason")).isNotBlank();
      sender.run("insert into root.clash.d(timestamp,s,t) values(12,3.5,3)");
      rows(receiver, "select t from root.clash.d", "10", "11", "12");

      receiver.run("DELETE TIMESERIES root.clash.d.s");
      sender.run("RETRY PIPE p QUARANTINE");
      rows(receiver, "select s from root.clash.d", "10", "11", "12");
      shows(sender, "NORMAL");
      soon(() -> assertThat(sender.table("SHOW PIPE p QUARANTINE").rows()).isEmpty());
      assertThat(sender.table("SHOW PIPE p").only("Status")).isEqualTo("RUNNING");
    }
  }

  @Test
  @Order(3)
  void aPipeIsOneRowPerDatabaseAtItsReceiver() throws Exception {
    try (Sql sender = edge();
        Sql receiver = cloud()) {
      for (int device = 0; device < 24; device++) {
        sender.run("insert into root.many.d" + device + "(timestamp,s) values(1,1)");
      }
      soon(
          () ->
              assertThat(receiver.table("select s from root.many.** align by device").rows())
                  .hasSize(24));
      soon(
          () -> {
            Sql.Table shown = receiver.table("SHOW PIPES");
            Map<String, Integer> rowsByAttributes = new TreeMap<>();
            for (List<String> row : shown.rows()) {
              assertThat(shown.value(row, "Name")).isEqualTo("p");
              rowsByAttributes.merge(shown.value(row, "Attributes"), 1, Integer::sum);
            }
            assertThat(rowsByAttributes).containsKey("Database='root.many'");
            assertThat(rowsByAttributes.values()).containsOnly(1);
          });
    }
  }

  @Test
  @Order(4)
  void aReceiverThatIsAwayIsWarnThenErrorThenNormalByItself() throws Exception {
    try (Sql sender = edge()) {
      shows(sender, "NORMAL");
      cloud.dataNodes().get(0).kill9();
      shows(sender, "WARN");
      sender.run("insert into root.away.d(timestamp,s) values(1,1)");
      shows(sender, "ERROR");
      assertThat(sender.table("SHOW PIPE p").only("Status")).isEqualTo("RUNNING");
      assertThat(sender.table("SHOW PIPE p DETAILS").rows().toString())
          .contains("127.0.0.1:" + cloud.clientPort(0));
      cloud.dataNodes().get(0).start();
      shows(sender, "NORMAL");
      try (Sql receiver = cloud()) {
        rows(receiver, "select s from root.away.d", "1");
      }
    }
  }
}
