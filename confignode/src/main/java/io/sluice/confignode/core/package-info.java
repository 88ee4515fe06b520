/**
 * The ConfigNode's pure core: what the cluster is, and how it may change.
 *
 * <p>Nouns: {@link io.sluice.confignode.core.ClusterImage} (immutable, all that is known of the
 * cluster), {@link io.sluice.confignode.core.Command} (a wish, checked against an image), {@link
 * io.sluice.confignode.core.Record} (a fact that was decided).
 *
 * <p>Path of one change: {@code command.decide(image, nowMs)} answers with records or refuses with
 * a status; the records go through the replicated log; {@code record.replayOn(image)} makes the
 * next image, the same on leader and follower. An image written as records and replayed is the same
 * image: that is the snapshot.
 *
 * <p>Invariants: replay reads no clock, draws no random number and cannot fail; times and random
 * ids are fields of commands and records. A region's UUID, a node id and a pipe number are never
 * used twice. At most one procedure runs on a pipe.
 *
 * <p>Never imports I/O, Thrift, Ratis, logging or a clock.
 */
package io.sluice.confignode.core;
