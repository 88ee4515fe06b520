/**
 * One region of a sending cluster and a receiving cluster of two DataNodes and three target
 * regions, in one thread, under a clock, a network and disks made of a seed. One seed is one
 * history.
 *
 * <p>Production code, as it is: the sender's {@code FeedCore}; the wire's encoder and decoder; the
 * receiver's {@code ReceiverConnection}, {@code ReceiverSession} and all below them down to the
 * staging area, which runs on a {@link io.sluice.sim.sync.disk.SimDisk}; a part on its way to its
 * target ({@code TsFilePart}, {@code DeletionPart}, {@code RoutedTarget}); the rules and the image
 * of a region ({@code EntryRules}, {@code RegionImage}), at both ends. Modelled: a region's log and
 * points ({@link io.sluice.sim.sync.SendingRegion}, {@link io.sluice.sim.sync.ReceivingRegion}),
 * the cable, the call to a region's leader ({@link io.sluice.sim.sync.TargetAccess}), the sender's
 * shell ({@link io.sluice.sim.sync.SimFeed}).
 *
 * <p>{@link io.sluice.sim.sync.SyncTruth} says what has to hold at every step and at the end.
 */
package io.sluice.sim.sync;
