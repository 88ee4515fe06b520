/**
 * Which sealed file is looked at next, and what may take the place of a rotten one. Decisions only:
 * no clock, no files, no threads.
 *
 * <p>Nouns: {@link io.sluice.datanode.region.scrub.ScrubRound} (how far the node has come through
 * its files), {@link io.sluice.datanode.region.scrub.DamagedFiles} (what was found, and when it is
 * tried again), {@link io.sluice.datanode.region.scrub.RepairWindow} (which files of another
 * replica stand for which of ours), {@link io.sluice.datanode.region.scrub.ScrubReport} (what was
 * found in a replica).
 *
 * <p>The path of a repair: a file's bytes are not what the manifest says; it is named, readers let
 * go of it; a peer's manifest says which of its files hold the same range of the log; those are
 * copied, compared with that manifest, and take the place of the rotten one in ours.
 *
 * <p>Invariants: every file is looked at once in a round, however often the node restarts; what a
 * file is replaced by holds exactly the entries of the same log indexes.
 *
 * <p>Never imports file access, Raft or the network.
 */
package io.sluice.datanode.region.scrub;
