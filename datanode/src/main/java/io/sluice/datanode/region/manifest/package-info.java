/**
 * A region's durable image on disk ({@link io.sluice.datanode.region.manifest.Manifest}), exactly
 * as of one term and index of its log: {@code docs/formats/manifest.md}.
 *
 * <p>Path: the flusher has written a range's file; the range's changes and an Advanced are appended
 * and fsynced; only then the range is durable and the log behind it may go. At start the base and
 * the appended records are replayed into a {@link io.sluice.datanode.region.image.RegionImage}.
 *
 * <p>Invariants: an advance is there whole or not at all; a torn tail is cut off, any other damage
 * stops with file and offset and changes nothing.
 *
 * <p>Never imports Raft, memtables or the network.
 */
package io.sluice.datanode.region.manifest;
