package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;

/** A cluster's nodes as the cluster itself names them. */
final class Members {
  private static final Duration RUNNING_MAX = Duration.ofSeconds(60);

  private Members() {}

  /** The id of a node, as its cluster has given it. */
  static int id(Sql sql, LocalNode node) throws Exception {
    String key = node.role().equals("confignode") ? "cn_internal_port" : "dn_internal_port";
    return Integer.parseInt(shown(sql, node, node.port(key)).get(0));
  }

  /** Running, Unknown, Removing or ReadOnly. */
  static String status(Sql sql, LocalNode node) throws Exception {
    String key = node.role().equals("confignode") ? "cn_internal_port" : "dn_internal_port";
    return shown(sql, node, node.port(key)).get(2);
  }

  /**
   * Waits until each of its DataNodes is Running: one that is ready to serve may have to be asked
   * by the ConfigNode first, and a new database gets its replicas on those that were.
   */
  static void awaitRunning(LocalCluster cluster, Sql sql) {
    await()
        .atMost(RUNNING_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              for (LocalNode node : cluster.dataNodes()) {
                assertThat(status(sql, node)).as("%s", node.home()).isEqualTo("Running");
              }
            });
  }

  private static List<String> shown(Sql sql, LocalNode node, int port) throws Exception {
    Sql.Table nodes = sql.table("SHOW CLUSTER");
    return nodes.rows().stream()
        .filter(row -> nodes.value(row, "InternalPort").equals(Integer.toString(port)))
        .filter(row -> nodes.value(row, "InternalAddress").equals(node.place().name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + node.home() + " in " + nodes.rows()));
  }

  /** How a statement's failure names a DataNode. */
  static String named(Sql sql, LocalNode node) throws Exception {
    return "DataNode: {id="
        + id(sql, node)
        + ", internalEndPoint=TEndPoint(ip:"
        + node.place().name()
        + ", port:"
        + node.port("dn_internal_port")
        + ")}";
  }

  /** The replicas of a database's regions. */
  static List<Replica> replicas(Sql sql, String database) throws Exception {
    Sql.Table shown = sql.table("SHOW REGIONS OF DATABASE " + database);
    return shown.rows().stream()
        .map(
            row ->
                new Replica(
                    Integer.parseInt(shown.value(row, "RegionId")),
                    Integer.parseInt(shown.value(row, "DataNodeId")),
                    shown.value(row, "Status"),
                    shown.value(row, "Role").equals("Leader")))
        .toList();
  }

  /** One line of SHOW REGIONS. */
  record Replica(int region, int node, String status, boolean leads) {}

  /** The ConfigNode that says it leads. */
  static LocalNode leader(LocalCluster cluster, Sql sql) throws Exception {
    Sql.Table nodes = sql.table("SHOW CONFIGNODES");
    List<String> row =
        nodes.rows().stream()
            .filter(candidate -> nodes.value(candidate, "Role").equals("Leader"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nobody leads: " + nodes.rows()));
    int port = Integer.parseInt(nodes.value(row, "InternalPort"));
    return cluster.configNodes().stream()
        .filter(node -> node.port("cn_internal_port") == port)
        .findFirst()
        .orElseThrow();
  }
}
