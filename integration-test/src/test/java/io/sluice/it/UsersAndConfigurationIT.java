package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One ConfigNode and two DataNodes: who may log in where, and what LOAD CONFIGURATION says. */
class UsersAndConfigurationIT {
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(30);
  private static final String SECRET = "correct-horse-7";

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = CLUSTERS.named("users").start(1, 2);
  }

  private static LocalNode node(int number) {
    return cluster.dataNodes().get(number);
  }

  @Test
  void aUserIsKnownOnEveryDataNodeUntilDroppedAndItsPasswordNowhere() throws Exception {
    try (Sql root = Sql.at(node(0))) {
      root.run("CREATE USER ann '" + SECRET + "'");
      await()
          .atMost(HEARD_WITHIN)
          .ignoreExceptions()
          .untilAsserted(() -> Sql.as("ann", SECRET, node(1)).close());
      try (Sql here = Sql.as("ann", SECRET, node(0));
          Sql there = Sql.as("ann", SECRET, node(1))) {
        here.table("SHOW VERSION");
        there.table("SHOW VERSION");
        assertThatThrownBy(() -> there.run("CREATE USER bob 'x'"))
            .isInstanceOfSatisfying(
                StatementExecutionException.class,
                e -> assertThat(e.getStatusCode()).isEqualTo(803));
        assertThat(root.table("LIST USER").rows()).containsExactly(List.of("ann"), List.of("root"));
        assertThatThrownBy(() -> Sql.as("ann", "guess", node(1)))
            .isInstanceOf(IoTDBConnectionException.class);
        root.run("DROP USER ann");
        await()
            .atMost(HEARD_WITHIN)
            .untilAsserted(
                () ->
                    assertThatThrownBy(() -> there.table("SHOW VERSION"))
                        .isInstanceOf(Exception.class));
        assertThatThrownBy(() -> Sql.as("ann", SECRET, node(1)))
            .isInstanceOf(IoTDBConnectionException.class);
      }
    }
    assertThat(StoredText.filesWith(CLUSTERS.folder(), SECRET)).isEmpty();
  }

  @Test
  void aChangedPasswordHoldsEverywhereAlsoAfterARestart() throws Exception {
    try (Sql root = Sql.at(node(0))) {
      root.run("ALTER USER root SET PASSWORD 'other'");
      await()
          .atMost(HEARD_WITHIN)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> Sql.at(node(1)))
                      .isInstanceOf(IoTDBConnectionException.class));
      Sql.as("root", "other", node(1)).close();
      LocalNode configNode = cluster.configNodes().get(0);
      configNode.kill9();
      configNode.start();
      await()
          .atMost(HEARD_WITHIN)
          .untilAsserted(
              () -> Sql.as("root", "other", node(1)).run("ALTER USER root SET PASSWORD 'root'"));
    }
    await().atMost(HEARD_WITHIN).ignoreExceptions().untilAsserted(() -> Sql.at(node(0)).close());
  }

  @Test
  void aBadValueIsNamedWithItsNodeWhichStaysAsItIsWhileTheOthersChange() throws Exception {
    node(0).set("ip_white_list", "10.0.0.0/8, nonsense/8");
    node(1).set("ip_white_list", "10.0.0.0/8");
    node(1).set("memtable_size_threshold", "2097152");
    try (Sql sql = Sql.at(node(0))) {
      assertThatThrownBy(() -> sql.run("LOAD CONFIGURATION"))
          .hasMessageContaining(
              "Fail to load configuration because ip_white_list: 'nonsense/8' is no IP address or"
                  + " network on DataNode: {id=1, internalEndPoint=TEndPoint(ip:127.0.0.1, port:"
                  + node(0).port("dn_internal_port")
                  + ")}.");
      assertThatThrownBy(() -> sql.run("LOAD CONFIGURATION ON LOCAL"))
          .hasMessageContaining("'nonsense/8'")
          .hasMessageContaining("on DataNode: {id=1");
      Sql.Table variables = sql.table("SHOW VARIABLES");
      assertThat(variables.rows())
          .contains(
              List.of(
                  "ip_white_list",
                  "127.0.0.1/32 on ConfigNode 0, DataNode 1; 10.0.0.0/8 on DataNode 2"))
          .contains(List.of("memtable_size_threshold", "67108864"));
      node(0).set("ip_white_list", "127.0.0.1/32");
      node(1).set("ip_white_list", "127.0.0.1/32");
      assertThat(sql.table("LOAD CONFIGURATION ON CLUSTER").rows())
          .containsExactly(
              List.of(
                  "memtable_size_threshold is '2097152' in the files, but '67108864' until a restart"
                      + " on DataNode: {id=2, internalEndPoint=TEndPoint(ip:127.0.0.1, port:"
                      + node(1).port("dn_internal_port")
                      + ")}"));
      assertThat(sql.table("SHOW VARIABLES").rows())
          .contains(List.of("ip_white_list", "127.0.0.1/32"));
    }
  }
}
