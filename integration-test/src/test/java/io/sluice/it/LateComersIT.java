package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What appears while a pipe runs takes part in it. */
class LateComersIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
  private static final int DEVICES = 20;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 1);
    cloud = CLUSTERS.named("cloud").start(1, 1);
  }

  private static void insert(Sql sql, String database, int time) throws Exception {
    for (int device = 0; device < DEVICES; device++) {
      sql.run(
          "insert into "
              + database
              + ".d"
              + device
              + "(timestamp,s) values("
              + time
              + ","
              + time
              + ")");
    }
  }

  private static void awaitRows(Sql receiver, String database, int rowsPerDevice) {
    await()
        .atMost(ARRIVAL_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              for (int device = 0; device < DEVICES; device++) {
                assertThat(receiver.table("select s from " + database + ".d" + device).rows())
                    .hasSize(rowsPerDevice);
              }
            });
  }

  @Test
  void databasesAndDataNodesThatComeLaterJoinARunningPipe() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      insert(sender, "root.early", 1);
      sender.run(
          "flush",
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
      awaitRows(receiver, "root.early", 1);

      insert(sender, "root.later", 1);
      awaitRows(receiver, "root.later", 1);

      edge.addDataNode().start();
      cloud.addDataNode().start();
      insert(sender, "root.last", 1);
      try (Sql second = Sql.at(edge.clientPort(1))) {
        assertThat(second.table("SHOW REGIONS").rows())
            .as("root.last has a region on each of the two DataNodes")
            .hasSize(4);
        insert(second, "root.last", 2);
        insert(second, "root.early", 2);
      }
      awaitRows(receiver, "root.last", 2);
      awaitRows(receiver, "root.early", 2);
      try (Sql second = Sql.at(cloud.clientPort(1))) {
        awaitRows(second, "root.last", 2);
        assertThat(second.table("SHOW PIPES").rows())
            .as("one row per pipe, sender and database, on every DataNode of the receiver")
            .hasSize(3);
      }
    }
  }
}
