package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Meters;
import io.sluice.it.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Section 7 of the reference page between two machines, and the white list that it sets. */
@NeedsEngine
class ReferencePageIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(90);
  private static final String START = "1648569600000";

  @RegisterExtension static final Stage STAGE = new Stage();
  @TempDir static Path conf;

  private static SluiceCluster edge;
  private static SluiceCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    // Who runs the node there is not who runs this.
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rwxr-xr-x"));
    edge = STAGE.start(STAGE.cluster("edge"));
    whiteList(edge.dataNode(0).address() + "/32");
    cloud = STAGE.start(STAGE.cluster("cloud").confFolder(conf));
    try (Sql sender = edge.sql()) {
      sender.run("CREATE PIPESINK my_iotdb AS IoTDB (IP='" + address() + "',PORT=6667)");
    }
  }

  @AfterEach
  void dropPipes() {
    edge.dropPipes();
  }

  private static String address() {
    return cloud.dataNode(0).address();
  }

  private static void whiteList(String networks) throws Exception {
    Path file = conf.resolve("iotdb-common.properties");
    Files.writeString(file, "ip_white_list=" + networks + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Sets it as the page has it done, on a receiver that runs. */
  private static void whiteListNow(String networks) throws Exception {
    whiteList(networks);
    try (Sql receiver = cloud.sql()) {
      receiver.run("LOAD CONFIGURATION");
    }
  }

  private static void awaitMessage(String pipe, String message) {
    await()
        .atMost(ARRIVAL_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sender = edge.sql()) {
                assertThat(sender.table("SHOW PIPE " + pipe).only("Message")).isEqualTo(message);
              }
            });
  }

  @Test
  void theExampleGivesTheSameRowsOnBothSides() throws Exception {
    try (Sql sender = edge.sql();
        Sql receiver = cloud.sql()) {
      sender.run(
          "CREATE PIPE p TO my_iotdb FROM (select ** from root where time>='2022-03-30 00:00:00')",
          "START PIPE p",
          "CREATE DATABASE root.vehicle",
          "CREATE TIMESERIES root.vehicle.d0.s0 WITH DATATYPE=INT32, ENCODING=RLE",
          "CREATE TIMESERIES root.vehicle.d0.s1 WITH DATATYPE=TEXT, ENCODING=PLAIN",
          "CREATE TIMESERIES root.vehicle.d1.s2 WITH DATATYPE=FLOAT, ENCODING=RLE",
          "CREATE TIMESERIES root.vehicle.d1.s3 WITH DATATYPE=BOOLEAN, ENCODING=PLAIN");
      for (String row :
          List.of(
              "d0(timestamp,s0) values(1648569599999,9)", // before the start
              "d0(timestamp,s0) values(now(),10)",
              "d0(timestamp,s0,s1) values(now(),12,'12')",
              "d0(timestamp,s1) values(now(),'14')",
              "d1(timestamp,s2) values(now(),16.0)",
              "d1(timestamp,s2,s3) values(now(),18.0,true)",
              "d1(timestamp,s3) values(now(),false)")) {
        sender.run("insert into root.vehicle." + row);
      }
      sender.run("flush");

      String query = "select d0.s0, d0.s1, d1.s3, d1.s2 from root.vehicle";
      Sql.Table sent = sender.table(query + " where time >= " + START);
      assertThat(sent.rows()).hasSizeBetween(5, 6); // now() may twice be the same
      await()
          .atMost(ARRIVAL_MAX)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(receiver.table(query)).isEqualTo(sent));

      awaitMessage("p", "NORMAL"); // a busy machine may miss a heartbeat meanwhile
      Sql.Table shown = sender.table("SHOW PIPE p");
      assertThat(shown.only("Role")).isEqualTo("sender");
      assertThat(shown.only("Remote")).isEqualTo("my_iotdb");
      assertThat(shown.only("Status")).isEqualTo("RUNNING");
      assertThat(shown.only("Attributes")).isEqualTo("SyncDelOp=false,DataStartTimestamp=" + START);
      Sql.Table received = receiver.table("SHOW PIPE p");
      assertThat(received.rows()) // one for each database that the edge has
          .allSatisfy(
              row -> {
                assertThat(received.value(row, "Role")).isEqualTo("receiver");
                assertThat(received.value(row, "Remote")).isEqualTo(edge.dataNode(0).address());
              })
          .anySatisfy(
              row ->
                  assertThat(received.value(row, "Attributes"))
                      .isEqualTo("Database='root.vehicle'"));
    }
  }

  @Test
  void onlyWhoIsOnTheWhiteListMaySendAndAChangeTakesEffectAtOnce() throws Exception {
    String notListed = edge.dataNode(0).address() + " is not on the receiver's white list";
    try (AcknowledgedRows rows = new AcknowledgedRows("root.listed", edge.dataNodes());
        Sql sender = edge.sql()) {
      whiteListNow("10.255.255.0/24");
      sender.run("CREATE PIPE listed TO my_iotdb", "START PIPE listed");
      rows.write(20);
      awaitMessage("listed", "ERROR");
      Sql.Table details = sender.table("SHOW PIPE listed DETAILS");
      assertThat(details.rows())
          .as("why, a row for each region")
          .anySatisfy(row -> assertThat(details.value(row, "LastError")).contains(notListed));
      try (Sql receiver = cloud.sql()) {
        assertThat(receiver.table("SHOW DATABASES root.listed").rows()).isEmpty();
      }

      whiteListNow("10.255.255.0/24, " + edge.dataNode(0).address() + "/32");
      rows.write(20);
      rows.awaitEverywhere(edge, cloud, "listed", ARRIVAL_MAX);

      whiteListNow("");
      rows.write(20);
      awaitMessage("listed", "ERROR");

      whiteListNow(edge.dataNode(0).address() + "/32");
      rows.awaitEverywhere(edge, cloud, "listed", ARRIVAL_MAX);
    }
  }

  @Test
  void aStoppedContainerHasSealedItsMemoryAndReplaysNothing() throws Exception {
    SluiceNode node = edge.dataNode(0);
    try (AcknowledgedRows rows = new AcknowledgedRows("root.stopped", edge.dataNodes())) {
      rows.write(20);
      assertThat(node.stop()).as("the exit status of a JVM that SIGTERM ended").isEqualTo(143);
      node.start();
      awaitFigures(node, files -> files == 1, bytes -> bytes == 0);
      rows.awaitOn(node, ARRIVAL_MAX);

      rows.write(20);
      node.kill();
      node.start();
      awaitFigures(node, files -> files == 1, bytes -> bytes > 0); // a kill leaves it to the log
      rows.awaitOn(node, ARRIVAL_MAX);
    }
  }

  /** Sealed files, and bytes in memory, of the database that nobody writes to any more. */
  private static void awaitFigures(SluiceNode node, DoublePredicate files, DoublePredicate bytes) {
    String region = "database=\"root.stopped\"";
    await()
        .atMost(ARRIVAL_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Meters meters = node.meters();
              assertThat(meters.sum("sluice_region_files", region)).matches(files::test);
              assertThat(meters.sum("sluice_region_memtable_bytes", region)).matches(bytes::test);
            });
  }
}
