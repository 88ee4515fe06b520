/**
 * A region's state without its points: schema, deletions, records, ledgers, lineage and files
 * ({@link io.sluice.datanode.region.image.RegionImage}), changed only by replaying {@link
 * io.sluice.datanode.region.image.Change}s.
 *
 * <p>Path: {@link io.sluice.datanode.region.image.EntryRules} decides, from the image and an entry
 * alone, what becomes of the entry; the changes it answers are replayed here at once, and later
 * again from the manifest.
 *
 * <p>Invariants: images are immutable; deciding and replaying read no clock, no setting, no file.
 *
 * <p>Never imports Raft, file access or the network.
 */
package io.sluice.datanode.region.image;
