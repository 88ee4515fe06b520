/**
 * One sender's connection: {@code ReceiverConnection} on the event loop (who is it, pings,
 * back-pressure), {@code ReceiverSession} on its own lane of tasks, where it tells a {@code
 * SessionCore} what happens and carries out what that wants done.
 *
 * <p>A file: FILE_BEGIN → {@code StagedPieces} (room in staging, chunks into a {@code PartialFile},
 * whole and fsynced) → {@code PieceParts} (split by region, handed to the targets) → APPLIED → and
 * a little later the {@code SessionLedger}. When each of it is due, and what is refused, is the
 * core's to say.
 *
 * <p>Invariants: APPLIED is said only when every target has said so; nothing blocks an event loop;
 * memory per connection is bounded by not reading on.
 */
package io.sluice.sync.receiver.net;
