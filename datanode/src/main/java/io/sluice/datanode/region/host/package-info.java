/**
 * Regions as Raft groups of this node: {@link io.sluice.datanode.region.host.RegionHost} opens,
 * makes and removes them, {@link io.sluice.datanode.region.host.RegionReplica} proposes entries and
 * seals, {@link io.sluice.datanode.region.host.RegionStateMachine} is what Ratis applies entries
 * to.
 *
 * <p>Path of a write: the proposing thread encodes it and works out its points; Ratis appends and
 * fsyncs the bytes; its applying thread links the points into the memtable and answers.
 *
 * <p>With other members: the log feeds who is behind ({@link
 * io.sluice.datanode.region.host.LogRetention} says how much of it stays), who is too far behind
 * copies the leader's image ({@link io.sluice.datanode.region.host.ImagePull}), and the file of a
 * LoadFile entry is on a majority before the entry is ({@link
 * io.sluice.datanode.region.host.FileSpread}).
 *
 * <p>Invariants: nothing is answered before a majority has it in its log on disk and it is applied
 * here; an outcome that is not known is never called applied; a leader's number stands in the log
 * before anything else it proposes; the log is purged only behind durable files; an entry in the
 * log is neither passed over nor failed, whatever it has to wait for.
 *
 * <p>With its package {@code rpc} the only one of the DataNode that imports Ratis.
 */
package io.sluice.datanode.region.host;
