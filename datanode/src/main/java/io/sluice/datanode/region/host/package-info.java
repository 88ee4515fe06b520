/**
 * Regions as Raft groups of this node: {@link io.sluice.datanode.region.host.RegionHost} opens,
 * makes and removes them, {@link io.sluice.datanode.region.host.RegionReplica} proposes entries and
 * seals, {@link io.sluice.datanode.region.host.RegionStateMachine} is what Ratis applies entries
 * to.
 *
 * <p>Path of a write: the proposing thread encodes it and works out its points; Ratis appends and
 * fsyncs the bytes; its applying thread links the points into the memtable and answers.
 *
 * <p>Invariants: nothing is answered before it is in the log on disk; a leader's number stands in
 * the log before anything else it proposes; Ratis's snapshot index is the manifest's, so the log is
 * purged only behind durable files.
 *
 * <p>The only package of the DataNode that imports Ratis.
 */
package io.sluice.datanode.region.host;
