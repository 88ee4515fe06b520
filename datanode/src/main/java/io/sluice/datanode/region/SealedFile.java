package io.sluice.datanode.region;

import io.sluice.datanode.point.TimeRange;
import java.nio.file.Path;

/**
 * One durable, immutable TsFile of a region.
 *
 * @param start log index before the range's first entry (exclusive)
 * @param end the range's last log index (inclusive); files are ordered by it
 * @param path where it is; null for a range without points (only schema or bookkeeping changed)
 * @param lengthBytes of the file, 0 without one
 * @param crc32c of the whole file, 0 without one
 * @param times smallest and largest time stamp; empty range without a file
 * @param loaded true when it came through a pipe
 */
public record SealedFile(
    long start,
    long end,
    Path path,
    long lengthBytes,
    int crc32c,
    TimeRange times,
    boolean loaded) {}
