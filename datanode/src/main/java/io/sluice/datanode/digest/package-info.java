/**
 * Hashes of what a region holds, so that two clusters can compare without sending it. Nouns: a
 * {@link io.sluice.datanode.digest.DigestQuery} names series of a device, times, and how finely
 * they are cut; a {@link io.sluice.datanode.digest.DigestAnswer} has a hash for each cut; {@link
 * io.sluice.datanode.digest.RowBytes} says what is hashed of a row.
 *
 * <p>Invariants: equal rows have equal hashes, in whatever files, batches, encodings and order they
 * came, and whatever series without points there are; one answer reads a bounded number of points.
 *
 * <p>Knows {@code read} and {@code region}, and nothing of clusters or pipes.
 */
package io.sluice.datanode.digest;
