/**
 * The bytes of records: inside entries of the metadata log, and as a snapshot file. Described in
 * {@code docs/formats/confignode-records.md}. Nouns: {@link
 * io.sluice.confignode.format.RecordFrame} (one record with its checksum), {@link
 * io.sluice.confignode.format.Proposal} (what one log entry holds), {@link
 * io.sluice.confignode.format.SnapshotBytes} (an image).
 *
 * <p>Damage ends in {@link io.sluice.confignode.format.CorruptRecordException}, bytes of a newer
 * release in {@link io.sluice.confignode.format.NewerFormatException}; nothing is skipped.
 */
package io.sluice.confignode.format;
