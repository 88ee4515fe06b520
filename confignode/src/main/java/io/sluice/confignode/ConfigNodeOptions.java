package io.sluice.confignode;

import io.sluice.confignode.core.Address;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything a ConfigNode is told from outside.
 *
 * @param folder its own; holds identity, log and snapshots
 * @param clusterName must be the same on all nodes of a cluster
 * @param host address both servers listen on and are reached at
 * @param internalPort of the Thrift service; 0 picks a free one
 * @param raftPort of the metadata group; 0 picks a free one at the first start and keeps it
 * @param seeds ConfigNodes of the cluster to join; empty, or beginning with this node's own
 *     address: this node founds the cluster
 * @param seriesSlotNum slots per database, fixed when the cluster is founded
 * @param dataReplicationFactor of databases created without naming one
 * @param diskSpaceWarningThreshold as SHOW VARIABLES prints it, a share of 1
 * @param tuning see {@link Tuning}
 */
public record ConfigNodeOptions(
    Path folder,
    String clusterName,
    String host,
    int internalPort,
    int raftPort,
    List<Address> seeds,
    int seriesSlotNum,
    int dataReplicationFactor,
    double diskSpaceWarningThreshold,
    Tuning tuning) {

  public ConfigNodeOptions {
    seeds = List.copyOf(seeds);
  }

  /** A ConfigNode that founds a cluster on loopback with free ports: for embedding and tests. */
  public static ConfigNodeOptions founder(Path folder, String clusterName) {
    return new ConfigNodeOptions(
        folder, clusterName, "127.0.0.1", 0, 0, List.of(), 10_000, 1, 0.05, Tuning.DEFAULT);
  }

  public ConfigNodeOptions withSeeds(List<Address> newSeeds) {
    return new ConfigNodeOptions(
        folder,
        clusterName,
        host,
        internalPort,
        raftPort,
        newSeeds,
        seriesSlotNum,
        dataReplicationFactor,
        diskSpaceWarningThreshold,
        tuning);
  }

  public ConfigNodeOptions withTuning(Tuning newTuning) {
    return new ConfigNodeOptions(
        folder,
        clusterName,
        host,
        internalPort,
        raftPort,
        seeds,
        seriesSlotNum,
        dataReplicationFactor,
        diskSpaceWarningThreshold,
        newTuning);
  }

  /**
   * @param heartbeatMs between two heartbeats to a DataNode
   * @param unknownAfterMs without an answer after which a node is Unknown
   * @param callTimeoutMs for one call to a DataNode
   * @param statementTimeoutMs for which a pipe statement waits for another on the same pipe, and
   *     for which a majority of ConfigNodes is waited for
   * @param electionTimeoutMsMin of the metadata group
   * @param electionTimeoutMsMax of the metadata group
   * @param joinTimeoutMs for which a new ConfigNode tries to join
   * @param snapshotEntries log entries between two snapshots
   * @param logSegmentBytes size of a log file; whole files are removed once a snapshot covers them
   * @param leadPauseMs between two tries to give a region's lead to its preferred replica
   */
  public record Tuning(
      int heartbeatMs,
      long unknownAfterMs,
      int callTimeoutMs,
      long statementTimeoutMs,
      int electionTimeoutMsMin,
      int electionTimeoutMsMax,
      long joinTimeoutMs,
      long snapshotEntries,
      int logSegmentBytes,
      long leadPauseMs) {
    private static final long LEAD_PAUSE_MS = 30_000;

    public static final Tuning DEFAULT =
        new Tuning(1_000, 20_000, 10_000, 30_000, 1_000, 2_000, 60_000, 10_000, 4 << 20);

    /** With the usual pause between two tries to move a region's lead. */
    public Tuning(
        int heartbeatMs,
        long unknownAfterMs,
        int callTimeoutMs,
        long statementTimeoutMs,
        int electionTimeoutMsMin,
        int electionTimeoutMsMax,
        long joinTimeoutMs,
        long snapshotEntries,
        int logSegmentBytes) {
      this(
          heartbeatMs,
          unknownAfterMs,
          callTimeoutMs,
          statementTimeoutMs,
          electionTimeoutMsMin,
          electionTimeoutMsMax,
          joinTimeoutMs,
          snapshotEntries,
          logSegmentBytes,
          LEAD_PAUSE_MS);
    }

    public Tuning withHeartbeats(int everyMs, long unknownMs) {
      return new Tuning(
          everyMs,
          unknownMs,
          callTimeoutMs,
          statementTimeoutMs,
          electionTimeoutMsMin,
          electionTimeoutMsMax,
          joinTimeoutMs,
          snapshotEntries,
          logSegmentBytes,
          leadPauseMs);
    }
  }
}
