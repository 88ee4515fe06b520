/**
 * Files on their way in. The {@link io.sluice.sync.receiver.staging.StagingArea} admits a file by
 * its {@link io.sluice.sync.receiver.staging.PieceKey} and reserves its length; a {@link
 * io.sluice.sync.receiver.staging.PartialFile} takes chunks, counts only those whose checksum
 * matched, and survives a lost connection and a restart (format: {@code docs/formats/staging.md}).
 *
 * <p>Invariants: names never come from the network; the sum of declared lengths stays below a
 * limit; a file is handed on only whole, verified and fsynced; one session holds a file at a time.
 *
 * <p>Knows nothing of the network, positions or regions.
 */
package io.sluice.sync.receiver.staging;
