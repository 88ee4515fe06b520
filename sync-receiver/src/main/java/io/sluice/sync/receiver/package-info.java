/**
 * The receiving end of a pipe: takes sealed files from other clusters' senders and brings each
 * piece into the regions its devices belong to, once.
 *
 * <p>Nouns: {@link io.sluice.sync.receiver.SyncReceiver} (the composition root), a session (one
 * sender's connection for one of its regions), a piece (one range of the sender's log).
 *
 * <p>A file's path: connection → white list, version → handshake ({@code core}: where to go on) →
 * {@code staging} (chunks, checksums, resume) → split by target ({@code port.PieceSplitter}) →
 * applied by compare-and-set ({@code port.PiecePart}) → acknowledged → ledger.
 *
 * <p>Invariants: acknowledged means durable in every target; a piece is applied once, in order, or
 * refused; nothing a sender says becomes a path; every buffer and queue has a limit.
 *
 * <p>Never imports the sender, the DataNode, or a storage format.
 */
package io.sluice.sync.receiver;
