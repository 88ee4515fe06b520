package io.sluice.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ConfigNodes and DataNodes of one cluster on this machine. Confined to one thread. */
public final class LocalCluster implements AutoCloseable {
  private static final FreePorts PORTS = new FreePorts();

  private final String name;
  private final Path folder;
  private final LocalNode.Launcher launcher;
  private final Map<String, String> settings;
  private final Place.Network network;
  private final List<LocalNode> configNodes = new ArrayList<>();
  private final List<LocalNode> dataNodes = new ArrayList<>();

  /**
   * @param name the cluster's name and its folder's below {@code folder}
   * @param settings values for every node, over those of the files as shipped
   */
  public LocalCluster(
      String name, Path folder, LocalNode.Launcher launcher, Map<String, String> settings) {
    this(name, folder, launcher, settings, Place.LOOPBACK);
  }

  /**
   * The same with nodes that find each other as {@code network} says.
   *
   * @param network outlives the cluster
   */
  public LocalCluster(
      String name,
      Path folder,
      LocalNode.Launcher launcher,
      Map<String, String> settings,
      Place.Network network) {
    this.name = name;
    this.folder = folder.resolve(name);
    this.launcher = launcher;
    this.settings = Map.copyOf(settings);
    this.network = network;
  }

  /** Adds a ConfigNode, not yet started; the first is the one the others join. */
  public LocalNode addConfigNode() throws IOException {
    List<Integer> ports = PORTS.take(3);
    Map<String, String> own = new HashMap<>(settings);
    own.put("cn_internal_port", text(ports.get(0)));
    own.put("cn_consensus_port", text(ports.get(1)));
    own.put("cn_metric_prometheus_reporter_port", text(ports.get(2)));
    LocalNode node = node("confignode", "confignode-" + (configNodes.size() + 1), own);
    node.set(
        "cn_target_config_node_list",
        configNodes.isEmpty() ? address(node) : address(configNodes.get(0)));
    configNodes.add(node);
    return node;
  }

  /** Adds a DataNode, not yet started. */
  public LocalNode addDataNode() throws IOException {
    Map<String, String> own = new HashMap<>(settings);
    putDataNodePorts(own);
    own.put(
        "dn_target_config_node_list",
        String.join(",", configNodes.stream().map(LocalCluster::address).toList()));
    LocalNode node = node("datanode", "datanode-" + (dataNodes.size() + 1), own);
    dataNodes.add(node);
    return node;
  }

  /** Adds one process that is both, not yet started. */
  public LocalNode addStandalone() throws IOException {
    List<Integer> ports = PORTS.take(3);
    Map<String, String> own = new HashMap<>(settings);
    own.put("cn_internal_port", text(ports.get(0)));
    own.put("cn_consensus_port", text(ports.get(1)));
    own.put("cn_metric_prometheus_reporter_port", text(ports.get(2)));
    putDataNodePorts(own);
    LocalNode node = node("standalone", "standalone", own);
    node.set("cn_target_config_node_list", address(node));
    node.set("dn_target_config_node_list", address(node));
    dataNodes.add(node);
    return node;
  }

  private static void putDataNodePorts(Map<String, String> own) throws IOException {
    List<Integer> ports = PORTS.take(4);
    own.put("dn_rpc_port", text(ports.get(0)));
    own.put("dn_internal_port", text(ports.get(1)));
    own.put("dn_data_region_consensus_port", text(ports.get(2)));
    own.put("dn_metric_prometheus_reporter_port", text(ports.get(3)));
  }

  /** Adds and starts {@code configNodeCount} ConfigNodes, then {@code dataNodeCount} DataNodes. */
  public LocalCluster start(int configNodeCount, int dataNodeCount)
      throws IOException, InterruptedException {
    for (int i = 0; i < configNodeCount; i++) {
      addConfigNode().start();
    }
    for (int i = 0; i < dataNodeCount; i++) {
      addDataNode().start();
    }
    return this;
  }

  public List<LocalNode> configNodes() {
    return List.copyOf(configNodes);
  }

  public List<LocalNode> dataNodes() {
    return List.copyOf(dataNodes);
  }

  public List<LocalNode> nodes() {
    List<LocalNode> all = new ArrayList<>(configNodes);
    all.addAll(dataNodes);
    return all;
  }

  /**
   * Gives a node fresh ports, to be used from its next start on; the others are told by the node
   * itself.
   */
  public void move(LocalNode node) throws IOException {
    List<String> keys = node.portKeys();
    List<Integer> ports = PORTS.take(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      node.set(keys.get(i), text(ports.get(i)));
    }
  }

  /** The client port of the DataNode (from 0). */
  public int clientPort(int dataNode) {
    return dataNodes.get(dataNode).port("dn_rpc_port");
  }

  public String name() {
    return name;
  }

  /** Stops what runs, DataNodes first. */
  @Override
  public void close() throws InterruptedException {
    for (LocalNode node : dataNodes) {
      node.stop();
    }
    for (LocalNode node : configNodes) {
      node.stop();
    }
  }

  private LocalNode node(String role, String folderName, Map<String, String> own)
      throws IOException {
    Path home = Files.createDirectories(folder.resolve(folderName));
    Place place = network.add(home);
    Map<String, String> all = new HashMap<>(place.settings());
    all.putAll(own);
    all.put("cluster_name", name);
    return new LocalNode(launcher, role, home, place, all);
  }

  private static String address(LocalNode configNode) {
    return configNode.place().name() + ":" + configNode.port("cn_internal_port");
  }

  private static String text(int port) {
    return Integer.toString(port);
  }
}
