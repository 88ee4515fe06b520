/**
 * One sender's connection: {@code ReceiverConnection} on the event loop (who is it, pings,
 * back-pressure), {@code ReceiverSession} on its own lane of tasks (handshake, pieces, ledger).
 *
 * <p>A file: FILE_BEGIN → {@code PieceQueue} (order, room in staging) → chunks into a {@code
 * PartialFile} → whole and fsynced → {@code PieceLoad} (split by region, applied by
 * compare-and-set) → APPLIED → and a little later the {@code SessionLedger}.
 *
 * <p>Invariants: APPLIED is said only when every target has said so; nothing blocks an event loop;
 * memory per connection is bounded by not reading on.
 */
package io.sluice.sync.receiver.net;
