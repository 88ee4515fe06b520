package io.sluice.sql.statement;

import java.time.ZoneId;
import java.util.List;

/** Statements about the session, the nodes and the cluster. */
public sealed interface ClusterStatement extends Statement {
  /**
   * FLUSH [database, ...] [ON LOCAL | ON CLUSTER].
   *
   * @param databases empty for all
   * @param local only this DataNode
   */
  record Flush(List<List<String>> databases, boolean local) implements ClusterStatement {}

  /** LOAD CONFIGURATION [ON LOCAL | ON CLUSTER]; without either, the whole cluster. */
  record LoadConfiguration(boolean local) implements ClusterStatement {}

  /**
   * SCRUB REGIONS, SCRUB REGION region, ... [ON LOCAL | ON CLUSTER]: looks at every byte of sealed
   * files.
   *
   * @param regions empty for all
   * @param local only this DataNode
   */
  record Scrub(List<Integer> regions, boolean local) implements ClusterStatement {}

  /** SET TIME_ZONE=zone, for this session. */
  record SetTimeZone(ZoneId zone) implements ClusterStatement {}

  record ShowVersion() implements ClusterStatement {}

  record ShowCluster(boolean details) implements ClusterStatement {}

  record ShowClusterId() implements ClusterStatement {}

  record ShowDataNodes() implements ClusterStatement {}

  record ShowConfigNodes() implements ClusterStatement {}

  /** EXTEND REGION region, ... TO node: one more replica. */
  record ExtendRegions(List<Integer> regions, int to) implements ClusterStatement {}

  /** REMOVE REGION region, ... FROM node: one replica less. */
  record RemoveRegions(List<Integer> regions, int from) implements ClusterStatement {}

  /** MIGRATE REGION region, ... FROM node TO node. */
  record MigrateRegions(List<Integer> regions, int from, int to) implements ClusterStatement {}

  /** REMOVE DATANODE node, ... */
  record RemoveDataNodes(List<Integer> nodes) implements ClusterStatement {}

  record RemoveConfigNode(int node) implements ClusterStatement {}

  record ShowVariables() implements ClusterStatement {}

  /** Which regions a statement is about. */
  enum RegionKind {
    ALL,
    DATA,
    SCHEMA
  }

  /** SHOW [DATA | SCHEMA] REGIONS [OF [DATABASE] database, ...]; empty databases for all. */
  record ShowRegions(RegionKind kind, List<List<String>> databases) implements ClusterStatement {}
}
