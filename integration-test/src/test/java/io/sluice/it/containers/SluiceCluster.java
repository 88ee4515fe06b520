package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster in containers: {@code SluiceCluster.named("cloud").on(network).dataNodes(3).start()}.
 * Small heaps, since several such clusters share a machine. Confined to one thread.
 */
final class SluiceCluster implements AutoCloseable {
  private static final Duration GATHER_MAX = Duration.ofMinutes(3);

  private final List<SluiceNode> configNodes;
  private final List<SluiceNode> dataNodes;

  private SluiceCluster(List<SluiceNode> configNodes, List<SluiceNode> dataNodes) {
    this.configNodes = configNodes;
    this.dataNodes = dataNodes;
  }

  /** One process that is a whole cluster unless {@link Plan#nodes} says otherwise. */
  static Plan named(String name) {
    return new Plan(name);
  }

  /** What a cluster is to be. */
  static final class Plan {
    private static final int CONFIG_NODE_MB = 224;
    private static final int DATA_NODE_MB = 448;

    private final String name;
    private final Map<String, String> settings = new HashMap<>();
    private TestNetwork network;
    private int configNodes;
    private int dataNodes;
    private int diskMb;
    private Path confFolder;

    private Plan(String name) {
      this.name = name;
      // Faults are noticed sooner: the tests have many.
      settings.put("heartbeat_interval_in_ms", "500");
    }

    Plan on(TestNetwork chosen) {
      network = chosen;
      return this;
    }

    Plan nodes(int configNodeCount, int dataNodeCount) {
      configNodes = configNodeCount;
      dataNodes = dataNodeCount;
      return this;
    }

    Plan with(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** A disk of its own for each node, in memory and gone with the container. */
    Plan diskMb(int size) {
      diskMb = size;
      return this;
    }

    /** A folder that takes the place of the image's conf/, for each node. */
    Plan confFolder(Path folder) {
      confFolder = folder;
      return this;
    }

    /** Starts every node; returns when all of them are Running. */
    SluiceCluster start() throws Exception {
      SluiceCluster cluster = make();
      boolean started = false;
      try {
        cluster.startAll();
        started = true;
        return cluster;
      } finally {
        if (!started) {
          cluster.printEnds();
          cluster.close();
        }
      }
    }

    private SluiceCluster make() {
      List<SluiceNode> configs = new ArrayList<>();
      List<SluiceNode> datas = new ArrayList<>();
      if (dataNodes == 0) {
        datas.add(node(name, "standalone", Map.of(), DATA_NODE_MB));
        return new SluiceCluster(configs, datas);
      }
      String seeds = "";
      for (int number = 1; number <= configNodes; number++) {
        SluiceNode made =
            node(name + "-config-" + number, "confignode", seeds(seeds), CONFIG_NODE_MB);
        configs.add(made);
        seeds += (seeds.isEmpty() ? "" : ",") + made.address() + ":" + SluiceNode.CONFIG_PORT;
      }
      for (int number = 1; number <= dataNodes; number++) {
        datas.add(node(name + "-data-" + number, "datanode", seeds(seeds), DATA_NODE_MB));
      }
      return new SluiceCluster(configs, datas);
    }

    /** The first ConfigNode is told of none and names itself. */
    private static Map<String, String> seeds(String known) {
      return known.isEmpty()
          ? Map.of()
          : Map.of("cn_target_config_node_list", known, "dn_target_config_node_list", known);
    }

    private SluiceNode node(String nodeName, String role, Map<String, String> more, int memoryMb) {
      Map<String, String> all = new HashMap<>(settings);
      all.putAll(more);
      return new SluiceNode(
          network,
          new SluiceNode.Shape(
              nodeName,
              role,
              all,
              memoryMb + diskMb,
              diskMb,
              confFolder == null ? null : confFolder.toAbsolutePath().toString()));
    }
  }

  private void startAll() throws Exception {
    // The first one founds the cluster; each ConfigNode joins a group that is at rest, since one
    // that
    // has to wait for another's joining gives up after a while. DataNodes join all at once.
    configNodes.forEach(SluiceNode::start);
    dataNodes.forEach(SluiceNode::begin);
    dataNodes.forEach(SluiceNode::awaitServing);
    awaitAllRunning();
  }

  /** Returns when the cluster itself says that each of its nodes is Running. */
  void awaitAllRunning() {
    await()
        .atMost(GATHER_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = sql()) {
                Sql.Table nodes = sql.table("SHOW CLUSTER");
                assertThat(nodes.rows())
                    .hasSize(Math.max(1, configNodes.size()) + dataNodes.size())
                    .allSatisfy(row -> assertThat(nodes.value(row, "Status")).isEqualTo("Running"));
              }
            });
  }

  List<SluiceNode> configNodes() {
    return configNodes;
  }

  List<SluiceNode> dataNodes() {
    return dataNodes;
  }

  SluiceNode dataNode(int number) {
    return dataNodes.get(number);
  }

  List<SluiceNode> nodes() {
    List<SluiceNode> all = new ArrayList<>(configNodes);
    all.addAll(dataNodes);
    return all;
  }

  /** A session with the first DataNode. */
  Sql sql() throws Exception {
    return dataNodes.get(0).sql();
  }

  /**
   * Makes a pipe; returns when it has that status. Insists: on a busy machine the ConfigNodes may
   * just be electing a leader.
   *
   * @param status STOP or RUNNING
   */
  void pipe(String name, String sink, String status) {
    await("PIPE " + name + " " + status)
        .atMost(GATHER_MAX)
        .ignoreExceptions()
        .until(
            () -> {
              try (Sql sql = sql()) {
                String is = sql.pipes().get(name);
                if (is == null) {
                  sql.run("CREATE PIPE " + name + " TO " + sink);
                } else if (!is.equals(status)) {
                  sql.run((status.equals("STOP") ? "STOP" : "START") + " PIPE " + name);
                }
                return status.equals(sql.pipes().get(name));
              }
            });
  }

  /** Drops every pipe there is; insists as {@link #pipe} does. */
  void dropPipes() {
    await("no pipe")
        .atMost(GATHER_MAX)
        .ignoreExceptions()
        .until(
            () -> {
              try (Sql sql = sql()) {
                for (String name : sql.pipes().keySet()) {
                  sql.run("DROP PIPE " + name);
                }
                return sql.pipes().isEmpty();
              }
            });
  }

  /** The ConfigNode that leads, as the cluster says. */
  SluiceNode leadingConfigNode() throws Exception {
    try (Sql sql = sql()) {
      Sql.Table nodes = sql.table("SHOW CONFIGNODES");
      String address =
          nodes.rows().stream()
              .filter(row -> nodes.value(row, "Role").equals("Leader"))
              .map(row -> nodes.value(row, "InternalAddress"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("nobody leads: " + nodes.rows()));
      return configNodes.stream()
          .filter(n -> n.address().equals(address))
          .findFirst()
          .orElseThrow();
    }
  }

  /** How statements name a DataNode that they cannot reach. */
  String nameOf(SluiceNode dataNode) throws Exception {
    try (Sql sql = sql()) {
      Sql.Table nodes = sql.table("SHOW DATANODES");
      String id =
          nodes.rows().stream()
              .filter(row -> nodes.value(row, "RpcAddress").equals(dataNode.address()))
              .map(row -> nodes.value(row, "NodeID"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + dataNode.name() + ": " + nodes.rows()));
      return "DataNode: {id="
          + id
          + ", internalEndPoint=TEndPoint(ip:"
          + dataNode.address()
          + ", port:"
          + SluiceNode.INTERNAL_PORT
          + ")}";
    }
  }

  /** Running, Unknown, Removing or ReadOnly, as another node of the cluster sees it. */
  static String statusOf(SluiceNode dataNode, Sql asked) throws Exception {
    Sql.Table nodes = asked.table("SHOW DATANODES");
    return nodes.rows().stream()
        .filter(row -> nodes.value(row, "RpcAddress").equals(dataNode.address()))
        .map(row -> nodes.value(row, "Status"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + dataNode.name() + ": " + nodes.rows()));
  }

  /** Prints the end of what each node said. */
  void printEnds() {
    nodes().forEach(NodeEnds::print);
  }

  @Override
  public void close() {
    nodes().forEach(SluiceNode::remove);
  }
}
