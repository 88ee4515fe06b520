package io.sluice.datanode.statement;

import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.ClusterStatement;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tsfile.enums.TSDataType;

/** The nodes, the regions, the version: as the leading ConfigNode sees them. Thread-safe. */
final class ClusterStatements {
  /** SHOW VARIABLES lists these first, in this order, as IoTDB does. */
  private static final List<String> VARIABLES =
      List.of(
          "ClusterName",
          "DataReplicationFactor",
          "SchemaReplicationFactor",
          "DataRegionConsensusProtocolClass",
          "SchemaRegionConsensusProtocolClass",
          "ConfigNodeConsensusProtocolClass",
          "TimePartitionInterval",
          "DefaultTTL(ms)",
          "ReadConsistencyLevel",
          "SchemaRegionPerDataNode",
          "DataRegionPerProcessor",
          "SeriesSlotNum",
          "SeriesSlotExecutorClass",
          "DiskSpaceWarningThreshold");

  private final ConfigNodeClient configNode;
  private final NodeConfiguration configuration;
  private final ServerVersion version;
  private final MembershipStatements membership;

  ClusterStatements(
      ConfigNodeClient configNode, NodeConfiguration configuration, ServerVersion version) {
    this.configNode = configNode;
    this.configuration = configuration;
    this.version = version;
    this.membership = new MembershipStatements(configNode);
  }

  /** All but FLUSH, SCRUB and SET TIME_ZONE. */
  StatementResult execute(ClusterStatement statement, ZoneId zone) throws StatusException {
    if (statement instanceof ClusterStatement.LoadConfiguration load) {
      return load(load.local());
    }
    if (MembershipStatements.handles(statement)) {
      return membership.execute(statement);
    }
    if (statement instanceof ClusterStatement.ShowVersion) {
      return new ResultTable()
          .text("Version", "BuildInfo")
          .row(version.version(), version.build())
          .result();
    }
    if (statement instanceof ClusterStatement.ShowVariables) {
      return variables();
    }
    ClusterStateResp state = configNode.call(node -> node.getClusterState());
    ConfigNodeAnswer.check(state.getStatus());
    if (statement instanceof ClusterStatement.ShowCluster show) {
      return show.details() ? clusterDetails(state) : cluster(state);
    }
    if (statement instanceof ClusterStatement.ShowDataNodes) {
      return dataNodes(state);
    }
    if (statement instanceof ClusterStatement.ShowConfigNodes) {
      return configNodes(state);
    }
    if (statement instanceof ClusterStatement.ShowRegions show) {
      return RegionTable.of(state, show, zone);
    }
    return new ResultTable().text("ClusterId").row(state.getCatalog().getClusterId()).result();
  }

  /** Rows only when something takes a restart: a success's text is shown by few clients. */
  private StatementResult load(boolean local) throws StatusException {
    List<String> takeRestart;
    if (local) {
      takeRestart = configuration.reload();
    } else {
      Status answer = configNode.call(node -> node.loadConfiguration());
      ConfigNodeAnswer.check(answer);
      takeRestart = answer.isSetTakeRestart() ? answer.getTakeRestart() : List.of();
    }
    if (takeRestart.isEmpty()) {
      return new StatementResult.Done();
    }
    ResultTable table = new ResultTable().text("TakesRestart");
    takeRestart.forEach(table::row);
    return table.result();
  }

  private StatementResult variables() throws StatusException {
    VariablesResp answer = configNode.call(node -> node.getVariables());
    ConfigNodeAnswer.check(answer.getStatus());
    ResultTable table = new ResultTable().text("Variable", "Value");
    Map<String, String> left = new TreeMap<>(answer.getVariables());
    for (String name : VARIABLES) {
      String value = left.remove(name);
      if (value != null) {
        table.row(name, value);
      }
    }
    left.forEach(table::row);
    return table.result();
  }

  private static StatementResult cluster(ClusterStateResp state) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "NodeID")
            .text("NodeType", "Status", "InternalAddress")
            .columns(TSDataType.INT32, "InternalPort");
    for (ConfigNodeLocation node : configNodesOf(state)) {
      table.row(
          node.getId(),
          "ConfigNode",
          status(state.getConfigNodes(), node.getId()),
          node.getInternal().getHost(),
          node.getInternal().getPort());
    }
    for (DataNodeLocation node : dataNodesOf(state)) {
      table.row(
          node.getId(),
          "DataNode",
          status(state.getDataNodes(), node.getId()),
          node.getInternal().getHost(),
          node.getInternal().getPort());
    }
    return table.result();
  }

  private static StatementResult clusterDetails(ClusterStateResp state) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "NodeID")
            .text("NodeType", "Status", "InternalAddress")
            .columns(TSDataType.INT32, "InternalPort")
            .text("ConfigConsensusPort", "RpcAddress", "RpcPort", "MppPort")
            .text("SchemaConsensusPort", "DataConsensusPort");
    for (ConfigNodeLocation node : configNodesOf(state)) {
      table.row(
          node.getId(),
          "ConfigNode",
          status(state.getConfigNodes(), node.getId()),
          node.getInternal().getHost(),
          node.getInternal().getPort(),
          Integer.toString(node.getRaft().getPort()),
          "",
          "",
          "",
          "",
          "");
    }
    for (DataNodeLocation node : dataNodesOf(state)) {
      table.row(
          node.getId(),
          "DataNode",
          status(state.getDataNodes(), node.getId()),
          node.getInternal().getHost(),
          node.getInternal().getPort(),
          "",
          node.getClient().getHost(),
          Integer.toString(node.getClient().getPort()),
          // Queries and the schema have no ports of their own here.
          "",
          "",
          Integer.toString(node.getRegionRaft().getPort()));
    }
    return table.result();
  }

  private static StatementResult dataNodes(ClusterStateResp state) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "NodeID")
            .text("Status", "RpcAddress")
            .columns(TSDataType.INT32, "RpcPort", "DataRegionNum", "SchemaRegionNum");
    for (DataNodeLocation node : dataNodesOf(state)) {
      int replicas =
          (int)
              state.getCatalog().getRegions().stream()
                  .filter(region -> region.getReplicas().contains(node.getId()))
                  .count();
      table.row(
          node.getId(),
          status(state.getDataNodes(), node.getId()),
          node.getClient().getHost(),
          node.getClient().getPort(),
          replicas,
          0);
    }
    return table.result();
  }

  private static StatementResult configNodes(ClusterStateResp state) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "NodeID")
            .text("Status", "InternalAddress")
            .columns(TSDataType.INT32, "InternalPort")
            .text("Role");
    for (ConfigNodeLocation node : configNodesOf(state)) {
      String role =
          state.getConfigNodes().stream()
              .filter(one -> one.getId() == node.getId())
              .map(NodeState::getRole)
              .findFirst()
              .orElse("");
      table.row(
          node.getId(),
          status(state.getConfigNodes(), node.getId()),
          node.getInternal().getHost(),
          node.getInternal().getPort(),
          role);
    }
    return table.result();
  }

  private static List<ConfigNodeLocation> configNodesOf(ClusterStateResp state) {
    return state.getCatalog().getConfigNodes().stream()
        .sorted(Comparator.comparing(ConfigNodeLocation::getId))
        .toList();
  }

  private static List<DataNodeLocation> dataNodesOf(ClusterStateResp state) {
    return state.getCatalog().getDataNodes().stream()
        .sorted(Comparator.comparing(DataNodeLocation::getId))
        .toList();
  }

  static String status(List<NodeState> states, int id) {
    NodeStatus status =
        states.stream()
            .filter(state -> state.getId() == id)
            .map(NodeState::getStatus)
            .findFirst()
            .orElse(NodeStatus.UNKNOWN);
    return switch (status) {
      case RUNNING -> "Running";
      case UNKNOWN -> "Unknown";
      case REMOVING -> "Removing";
      case READ_ONLY -> "ReadOnly";
    };
  }
}
