package io.sluice.datanode.statement;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.ReplicaView;
import io.sluice.sql.statement.ClusterStatement;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.tsfile.enums.TSDataType;

/** SHOW REGIONS: one row for each replica, those just being added or removed too. */
final class RegionTable {
  private RegionTable() {}

  static StatementResult of(
      ClusterStateResp state, ClusterStatement.ShowRegions show, ZoneId zone) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "RegionId")
            .text("Type", "Status", "Database")
            .columns(TSDataType.INT64, "SeriesSlotNum", "TimeSlotNum")
            .columns(TSDataType.INT32, "DataNodeId")
            .text("RpcAddress")
            .columns(TSDataType.INT32, "RpcPort")
            .text("Role", "CreateTime");
    if (show.kind() == ClusterStatement.RegionKind.SCHEMA) {
      return table.result();
    }
    Catalog catalog = state.getCatalog();
    List<String> wanted = show.databases().stream().map(path -> String.join(".", path)).toList();
    Map<Integer, DataNodeLocation> nodes =
        catalog.getDataNodes().stream()
            .collect(Collectors.toMap(DataNodeLocation::getId, Function.identity()));
    catalog.getRegions().stream()
        .filter(region -> wanted.isEmpty() || wanted.contains(region.getDatabase()))
        .sorted(Comparator.comparing(RegionInfo::getId))
        .forEach(
            region -> {
              for (ReplicaView replica : state.getReplicas()) {
                if (replica.getRegion() == region.getId()) {
                  row(table, catalog, region, replica, nodes.get(replica.getNode()), zone);
                }
              }
            });
    return table.result();
  }

  private static void row(
      ResultTable table,
      Catalog catalog,
      RegionInfo region,
      ReplicaView replica,
      DataNodeLocation node,
      ZoneId zone) {
    table.row(
        region.getId(),
        "DataRegion",
        status(replica),
        region.getDatabase(),
        slots(catalog, region),
        0L,
        replica.getNode(),
        node == null ? "" : node.getClient().getHost(),
        node == null ? 0 : node.getClient().getPort(),
        replica.isLeads() ? "Leader" : "Follower",
        ShownTime.of(region.getCreatedAtMs(), zone));
  }

  private static String status(ReplicaView replica) {
    return switch (replica.getStatus()) {
      case RUNNING -> "Running";
      case UNKNOWN -> "Unknown";
      case ADDING -> "Adding";
      case REMOVING -> "Removing";
      case READ_ONLY -> "ReadOnly";
    };
  }

  /** How many of its database's slots the region has been dealt. */
  private static long slots(Catalog catalog, RegionInfo region) {
    for (DatabaseInfo database : catalog.getDatabases()) {
      int place = database.getRegionIds().indexOf(region.getId());
      if (place >= 0 && database.getName().equals(region.getDatabase())) {
        int dealt = database.getRegionIds().size();
        return (catalog.getSeriesSlotNum() - place + dealt - 1) / dealt;
      }
    }
    return 0;
  }
}
