package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A DataNode ends as in a power cut, and comes back. */
class KilledDataNodeIT {
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);
  private static final int DEVICES = 10;
  private static final int ROWS_PER_DEVICE = 20;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 2);
    cloud = CLUSTERS.named("cloud");
    cloud.addStandalone().start();
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run("CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")");
    }
  }

  private static List<String> counts(int port, String database) throws Exception {
    List<String> counts = new ArrayList<>();
    try (Sql sql = Sql.at(port)) {
      for (int device = 0; device < DEVICES; device++) {
        List<List<String>> rows = sql.table("select s from " + database + ".d" + device).rows();
        counts.add(device + ":" + rows.size());
      }
    }
    return counts;
  }

  private static void insert(Sql sql, String database, int firstTime) throws Exception {
    for (int time = firstTime; time < firstTime + ROWS_PER_DEVICE; time++) {
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
  }

  private static List<String> expected(int rowsPerDevice) {
    List<String> counts = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      counts.add(device + ":" + rowsPerDevice);
    }
    return counts;
  }

  private static void awaitOnBothSides(String database, int rowsPerDevice) {
    await()
        .atMost(RECOVERY_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(counts(edge.clientPort(0), database)).isEqualTo(expected(rowsPerDevice));
              assertThat(counts(cloud.clientPort(0), database)).isEqualTo(expected(rowsPerDevice));
            });
  }

  @Test
  void acknowledgedRowsThatNobodyFlushedAreThereAfterAKillOnEitherSide() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run("CREATE PIPE p TO s", "START PIPE p");
      insert(sender, "root.kill", 0);
      edge.dataNodes().get(1).kill9();
      edge.dataNodes().get(1).start();
      awaitOnBothSides("root.kill", ROWS_PER_DEVICE);

      insert(sender, "root.kill", ROWS_PER_DEVICE);
      cloud.dataNodes().get(0).kill9();
      cloud.dataNodes().get(0).start();
      awaitOnBothSides("root.kill", 2 * ROWS_PER_DEVICE);
      sender.run("STOP PIPE p", "DROP PIPE p");
    }
  }

  @Test
  void aPipeStatementNamesTheDataNodeThatDoesNotAnswer() throws Exception {
    LocalNode killed = edge.dataNodes().get(1);
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run("CREATE PIPE old TO s");
      Sql.Table nodes = sender.table("SHOW DATANODES");
      String id =
          nodes.rows().stream()
              .filter(
                  row ->
                      nodes
                          .value(row, "RpcPort")
                          .equals(Integer.toString(killed.port("dn_rpc_port"))))
              .map(row -> nodes.value(row, "NodeID"))
              .findFirst()
              .orElseThrow();
      String why =
          "because Connection refused on DataNode: {id="
              + id
              + ", internalEndPoint=TEndPoint(ip:127.0.0.1, port:"
              + killed.port("dn_internal_port")
              + ")}.";
      killed.kill9();
      try {
        assertThat(sender.refusal("CREATE PIPE p2 TO s"))
            .isEqualTo("1107: Fail to create PIPE [p2] " + why);
        assertThat(sender.refusal("START PIPE old"))
            .isEqualTo("1107: Fail to start PIPE [old] " + why);
        assertThat(sender.table("SHOW PIPE old").only("Status"))
            .as("what was done is undone")
            .isEqualTo("STOP");
        assertThat(sender.refusal("DROP PIPE old"))
            .isEqualTo(
                "1107: Fail to DROP_PIPE because Fail to drop PIPE [old] "
                    + why
                    + " Please execute [DROP PIPE old] later to retry.");
        assertThat(sender.table("SHOW PIPE old").only("Status")).isEqualTo("DROP");
      } finally {
        killed.start();
      }
      sender.run("DROP PIPE old");
      assertThat(sender.table("SHOW PIPES").rows()).isEmpty();
    }
  }
}
