/**
 * Which of a region's files become fewer, and when. Decisions only: no clock, no files, no threads.
 *
 * <p>Nouns: {@link io.sluice.datanode.region.compact.CompactionPlan} (what the leader orders next),
 * {@link io.sluice.datanode.region.compact.PipeFloor} (how far a pipe has come, which the plan
 * respects), {@link io.sluice.datanode.region.compact.FileMerge} (an order as it is carried out on
 * one replica). {@link io.sluice.datanode.region.compact.ExpiryPlan} is the plan's sister for files
 * whose points have all expired: an Expire entry goes the same path, into no file.
 *
 * <p>The path of a compaction: a range becomes durable at the leader; the plan finds a run of files
 * worth merging; a Compact entry names it by log indexes; every replica that applies the entry puts
 * it among its {@link io.sluice.datanode.region.compact.MergeOrders}, merges beside the log as soon
 * as it has the ranges, and lists the new files in its manifest in the old ones' place. An order
 * that a crash loses is not missed: a later one covers the same ranges.
 *
 * <p>Invariants: what one pipe has received and what it has not never come into one file, nor do
 * points of different origins; what a transfer has begun with stays as it is; without a pipe that
 * sends deletions, what it has not received stays as it was written; what goes for good has expired
 * beyond doubt and every pipe has passed it.
 *
 * <p>Never imports file access, Raft or the network.
 */
package io.sluice.datanode.region.compact;
