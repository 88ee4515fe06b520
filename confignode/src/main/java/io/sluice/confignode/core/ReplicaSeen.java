package io.sluice.confignode.core;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One replica as its DataNode described it last.
 *
 * @param leads as the DataNode believes: of two the one with the higher term is right
 * @param running false once its Raft server has ended
 * @param members who takes part by its log, with the Raft addresses known there; empty when the
 *     DataNode did not say
 * @param appliedIndex of the last log entry it has applied
 */
public record ReplicaSeen(
    int dataNode,
    boolean leads,
    long term,
    boolean running,
    SortedMap<Integer, Address> members,
    long appliedIndex) {
  public ReplicaSeen {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  /** Who leads by what was seen. */
  public static Optional<ReplicaSeen> leader(List<ReplicaSeen> replicas) {
    return replicas.stream()
        .filter(replica -> replica.leads() && replica.running())
        .max(Comparator.comparingLong(ReplicaSeen::term));
  }

  static Optional<ReplicaSeen> at(List<ReplicaSeen> replicas, int dataNode) {
    return replicas.stream().filter(replica -> replica.dataNode() == dataNode).findFirst();
  }
}
