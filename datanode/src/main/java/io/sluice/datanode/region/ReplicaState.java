package io.sluice.datanode.region;

import java.util.List;
import java.util.UUID;

/**
 * One replica of a region, as the node that holds it sees it.
 *
 * @param region the Raft group's id
 * @param leads whether it leads and takes writes
 * @param term the Raft term it is in
 * @param running false once its Raft server has ended: it takes part no more until it is started
 *     again
 * @param members who takes part by its log, at the Raft addresses known here; empty for one that
 *     waits to be taken in
 * @param appliedIndex the last log index that readers see
 * @param durableIndex end of the last durable range, 0 before the first
 */
public record ReplicaState(
    UUID region,
    boolean leads,
    long term,
    boolean running,
    List<RegionMember> members,
    long appliedIndex,
    long durableIndex) {}
