package io.sluice.datanode.region;

/**
 * One replica of a region: a DataNode and where its Raft server listens.
 *
 * @param nodeId the DataNode's id
 */
public record RegionMember(int nodeId, String host, int raftPort) {}
