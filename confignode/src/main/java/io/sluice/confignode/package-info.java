/**
 * The ConfigNode: keeps the cluster's metadata (nodes, databases, regions, pipesinks, pipes) in one
 * Raft group of 1 or 3 members, watches the DataNodes and carries pipe statements to them.
 *
 * <p>Nouns: {@link io.sluice.confignode.ConfigNode} (composition root), {@code core.ClusterImage}
 * (what is known), {@code raft.Decider} (what changes it), {@code duty.LeaderDuties} (what the
 * leader does about it).
 *
 * <p>Path of a statement: Thrift → {@code service} → {@code duty} → {@code raft.Decider} → {@code
 * core} decides → log → {@code core} replays → the DataNodes are told → answer.
 *
 * <p>Invariants: an answer of success is in the log of a majority, fsynced; a statement took effect
 * on all DataNodes that were up, or its answer says why not. Imports {@code common} only, of ours.
 */
package io.sluice.confignode;
