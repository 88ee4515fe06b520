/**
 * The sending end of a pipe: ships every region led on this node, range by range in log order, to
 * the receiver of each running pipe.
 *
 * <p>Nouns: {@link io.sluice.sync.sender.SyncSender} (the composition root), a feed (one pipe and
 * one region), a range (what one sealed file holds of the region's log).
 *
 * <p>A file's path: the region seals a range → {@code port.SourceRegion} opens it as it looks now
 * (start time and deletions cut out) → announced → streamed from the receiver's offset on → applied
 * there → the position advances.
 *
 * <p>Invariants: ranges go in order and without gaps; the position is the receiver's word; a
 * failure is retried for ever and shown, never skipped; nothing needs a queue or file of its own.
 *
 * <p>Never imports the receiver, the DataNode, or a storage format.
 */
package io.sluice.sync.sender;
