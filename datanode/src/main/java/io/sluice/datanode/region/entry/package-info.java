/**
 * What a region's log holds ({@link io.sluice.datanode.region.entry.LogEntry}) and its bytes
 * ({@link io.sluice.datanode.region.entry.LogEntryBytes}), which also travel between nodes.
 *
 * <p>Invariants: an entry holds everything applying it needs, so that every replica comes to the
 * same state; its bytes carry a version and a checksum; a tablet keeps the client's bytes.
 *
 * <p>Never imports Raft, files or the network.
 */
package io.sluice.datanode.region.entry;
