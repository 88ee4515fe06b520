package io.sluice.it;

import static io.sluice.it.EdgeAndCloud.rows;
import static io.sluice.it.EdgeAndCloud.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static EdgeAndCloud both;

  @BeforeAll
  static void start() throws Exception {
    both = EdgeAndCloud.start(CLUSTERS);
    both.pipe();
  }

  private static void shows(Sql sender, String message) {
    soon(() -> assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo(message));
  }

  @Test
  @Order(1)
  void aDeletionTravelsInTheOrderOfTheLog() throws Exception {
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
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
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
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
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
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
    try (Sql sender = both.atEdge()) {
      shows(sender, "NORMAL");
      both.cloud().dataNodes().get(0).kill9();
      shows(sender, "WARN");
      sender.run("insert into root.away.d(timestamp,s) values(1,1)");
      shows(sender, "ERROR");
      assertThat(sender.table("SHOW PIPE p").only("Status")).isEqualTo("RUNNING");
      assertThat(sender.table("SHOW PIPE p DETAILS").rows().toString())
          .contains("127.0.0.1:" + both.cloud().clientPort(0));
      both.cloud().dataNodes().get(0).start();
      shows(sender, "NORMAL");
      try (Sql receiver = both.atCloud()) {
        rows(receiver, "select s from root.away.d", "1");
      }
    }
  }
}
