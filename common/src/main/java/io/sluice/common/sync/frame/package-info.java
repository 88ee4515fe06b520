/**
 * The sync protocol's bytes: what a sender and a receiver say to each other over TCP, as {@code
 * docs/formats/sync-frames.md} has it.
 *
 * <p>Nouns: the {@link io.sluice.common.sync.frame.Opening} (the first eight bytes, by which a port
 * tells this protocol from others), the {@link io.sluice.common.sync.frame.Frame} (one message),
 * and the content of a file, which follows a {@link io.sluice.common.sync.frame.Frame.Chunk}.
 *
 * <p>Path of a message: {@code FrameEncoder} → socket → {@code FrameDecoder}, which hands on
 * openings, frames, and the chunks' content as byte buffers.
 *
 * <p>Invariants: every length is checked against a named limit before memory is taken; a frame
 * whose checksum, type or shape is wrong is never handed on, nor is anything after it.
 *
 * <p>Knows nothing of positions, files or regions.
 */
package io.sluice.common.sync.frame;
