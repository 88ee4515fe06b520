package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Section 7 of the reference page between two clusters, and rows that nobody flushed. */
class EdgeToCloudIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
  private static final Duration FRESH_MAX = Duration.ofSeconds(2);
  private static final int TRICKLE_ROWS = 20;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 2);
    cloud = CLUSTERS.named("cloud").start(1, 2);
  }

  @Test
  void theExampleOfTheReferencePageGivesTheSameRowsOnBothSides() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0));
        Sql receiver = Sql.at(cloud.clientPort(1))) {
      sender.run(
          "CREATE PIPESINK my_iotdb AS IoTDB (IP='127.0.0.1',PORT=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO my_iotdb FROM (select ** from root where time>='2022-03-30 00:00:00')",
          "START PIPE p");
      sender.run(
          "CREATE DATABASE root.vehicle",
          "CREATE TIMESERIES root.vehicle.d0.s0 WITH DATATYPE=INT32, ENCODING=RLE",
          "CREATE TIMESERIES root.vehicle.d0.s1 WITH DATATYPE=TEXT, ENCODING=PLAIN",
          "CREATE TIMESERIES root.vehicle.d1.s2 WITH DATATYPE=FLOAT, ENCODING=RLE",
          "CREATE TIMESERIES root.vehicle.d1.s3 WITH DATATYPE=BOOLEAN, ENCODING=PLAIN",
          "insert into root.vehicle.d0(timestamp,s0) values(1648569599999,1)",
          "insert into root.vehicle.d0(timestamp,s0) values(1648569600000,2)");
      for (String row :
          List.of(
              "d0(timestamp,s0) values(now(),10)",
              "d0(timestamp,s0,s1) values(now(),12,'12')",
              "d0(timestamp,s1) values(now(),'14')",
              "d1(timestamp,s2) values(now(),16.0)",
              "d1(timestamp,s2,s3) values(now(),18.0,true)",
              "d1(timestamp,s3) values(now(),false)")) {
        sender.run("insert into root.vehicle." + row);
      }
      sender.run("flush");

      String afterStart =
          "select d0.s0, d0.s1, d1.s3, d1.s2 from root.vehicle where time >= 1648569600000";
      Sql.Table sent = sender.table(afterStart);
      assertThat(sent.rows()).hasSizeBetween(5, 7);
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(receiver.table(afterStart)).isEqualTo(sent));
      assertThat(receiver.table("select s0 from root.vehicle.d0 where time < 1648569600000").rows())
          .as("a row before the pipe's start time")
          .isEmpty();
      assertThat(sender.table("select ** from root.vehicle").rows())
          .hasSize(sent.rows().size() + 1);

      Sql.Table shown = sender.table("SHOW PIPE p");
      assertThat(shown.only("Role")).isEqualTo("sender");
      assertThat(shown.only("Remote")).isEqualTo("my_iotdb");
      assertThat(shown.only("Status")).isEqualTo("RUNNING");
      assertThat(shown.only("Attributes"))
          .isEqualTo("SyncDelOp=false,DataStartTimestamp=1648569600000");
      await()
          .atMost(ARRIVAL_MAX)
          .untilAsserted(
              () -> assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo("NORMAL"));
      receivedShows(receiver, "RUNNING");
      sender.run("STOP PIPE p");
      receivedShows(receiver, "STOP");
      sender.run("DROP PIPE p", "DROP PIPESINK my_iotdb");
      await()
          .atMost(ARRIVAL_MAX)
          .untilAsserted(() -> assertThat(receiver.table("SHOW PIPES").rows()).isEmpty());
    }
  }

  private static void receivedShows(Sql receiver, String status) {
    await()
        .atMost(ARRIVAL_MAX)
        .untilAsserted(
            () -> {
              Sql.Table shown = receiver.table("SHOW PIPE p");
              assertThat(shown.only("Role")).isEqualTo("receiver");
              assertThat(shown.only("Remote")).isEqualTo("127.0.0.1");
              assertThat(shown.only("Attributes")).isEqualTo("Database='root.vehicle'");
              assertThat(shown.only("Status")).isEqualTo(status);
            });
  }

  @Test
  void rowsInsertedWhileAPipeRunsArriveWithinTwoSecondsWithoutFlush() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(1));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      sender.run(
          "CREATE PIPESINK fresh AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(1) + ")",
          "CREATE PIPE fresh TO fresh",
          "START PIPE fresh",
          "insert into root.fresh.d0(timestamp,s0) values(0,0)");
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .until(() -> receiver.table("select s0 from root.fresh.d0").rows().size() == 1);
      List<String> late = new ArrayList<>();
      for (int row = 1; row <= TRICKLE_ROWS; row++) {
        sender.run(
            "insert into root.fresh.d"
                + row % 4
                + "(timestamp,s0) values("
                + row
                + ","
                + row
                + ")");
        String query = "select s0 from root.fresh.d" + row % 4 + " where time = " + row;
        long insertedNs = System.nanoTime();
        await()
            .atMost(ARRIVAL_MAX)
            .pollInterval(Duration.ofMillis(20))
            .ignoreExceptions()
            .until(() -> receiver.table(query).rows().size() == 1);
        Duration took = Duration.ofNanos(System.nanoTime() - insertedNs);
        if (took.compareTo(FRESH_MAX) > 0) {
          late.add(row + " after " + took);
        }
      }
      assertThat(late).as("a busy machine may hold up one or two").hasSizeLessThanOrEqualTo(2);
      sender.run("DROP PIPE fresh", "DROP PIPESINK fresh");
    }
  }
}
