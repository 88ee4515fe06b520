package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** VERIFY PIPE and REPAIR PIPE between two real clusters. */
class VerifyPipeIT {
  private static final Duration ARRIVED_WITHIN = Duration.ofSeconds(60);
  private static final int ROWS = 500;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 1);
    cloud = CLUSTERS.named("cloud").start(1, 1);
  }

  /** Rows of VERIFY PIPE with a device: Device, From, To, Missing, Changed, Extra, Note. */
  private static List<List<String>> differences(Sql.Table table) {
    return table.rows().stream()
        .filter(row -> table.value(row, "Device") != null)
        .map(row -> row.subList(1, row.size()))
        .toList();
  }

  private static List<String> difference(String time, int missing, int changed, int extra) {
    return Arrays.asList("root.db.d", time, time, "" + missing, "" + changed, "" + extra, null);
  }

  @Test
  void whatWasDamagedAtTheCloudIsNamedAndMended() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      assertThat(sender.refusal("VERIFY PIPE p")).contains("PIPE [p] does not exist");
      for (int time = 1; time <= ROWS; time++) {
        sender.run(
            "insert into root.db.d(timestamp,s0,s1) values(%d,%d,'x%d')"
                .formatted(time * 1_000, time, time));
      }
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s");
      assertThat(sender.refusal("VERIFY PIPE p")).contains("PIPE [p] is STOP");
      sender.run("START PIPE p");
      await()
          .atMost(ARRIVED_WITHIN)
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(receiver.table("select s0 from root.db.d").rows()).hasSize(ROWS));
      Sql.Table equal = sender.table("VERIFY PIPE p");
      assertThat(differences(equal)).isEmpty();
      assertThat(equal.rows().toString())
          .contains("equal: %d rows of 1 devices compared".formatted(ROWS));

      receiver.run(
          "insert into root.db.d(timestamp,s0) values(100000,-1)",
          "delete from root.db.d.* where time = 200000",
          "insert into root.db.d(timestamp,s0) values(300500,1)");
      assertThat(differences(sender.table("VERIFY PIPE p")))
          .containsExactly(
              difference("1970-01-01T08:01:40.000", 0, 1, 0),
              difference("1970-01-01T08:03:20.000", 1, 0, 0),
              difference("1970-01-01T08:05:00.500", 0, 0, 1));

      assertThat(sender.table("REPAIR PIPE p").rows().toString())
          .contains("1, 0, sent again")
          .contains("extra rows stay at the receiver");
      assertThat(differences(sender.table("VERIFY PIPE p")))
          .containsExactly(difference("1970-01-01T08:05:00.500", 0, 0, 1));
      receiver.run("delete from root.db.d.* where time = 300500");
      assertThat(differences(sender.table("VERIFY PIPE p"))).isEmpty();
      assertThat(receiver.table("select s0 from root.db.d").rows())
          .isEqualTo(sender.table("select s0 from root.db.d").rows());
    }
  }
}
