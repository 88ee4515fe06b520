package io.sluice.datanode.region.host;

import java.nio.file.Path;
import java.util.UUID;

/**
 * How one DataNode hosts its regions.
 *
 * @param clusterId the cluster the data belongs to; a folder of another one is refused
 * @param nodeId this DataNode's id
 * @param folder where everything is kept: {@code regions/} (manifests, files, staging) and {@code
 *     raft/} (logs)
 * @param host address the Raft server listens on
 * @param raftPort its port, 0 for any free one
 * @param region sealing and limits of each region
 */
public record RegionHostOptions(
    UUID clusterId, int nodeId, Path folder, String host, int raftPort, RegionOptions region) {}
