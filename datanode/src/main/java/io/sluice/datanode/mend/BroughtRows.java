package io.sluice.datanode.mend;

import io.sluice.common.sync.Source;

/**
 * What one region of a sender has of a rotten file's times.
 *
 * @param end of the rotten file's range
 * @param crc32c the rotten file should have
 * @param stagedName of a TsFile in the region's staging folder; null: there are no rows that are
 *     not here already
 * @param sentFromMs rows before it the sender does not have any more, or does not send
 */
public record BroughtRows(
    long end, int crc32c, Source source, String stagedName, long sentFromMs) {}
