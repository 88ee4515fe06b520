package io.sluice.datanode.region;

import io.sluice.datanode.point.TimeRange;
import java.nio.file.Path;
import java.util.UUID;

/**
 * One durable, immutable TsFile of a region.
 *
 * @param start log index before the range's first entry (exclusive)
 * @param end the range's last log index (inclusive); files are ordered by it
 * @param path where it is; null for a range without points (only schema or bookkeeping changed)
 * @param lengthBytes of the file, 0 without one
 * @param crc32c of the whole file, 0 without one
 * @param times smallest and largest time stamp; empty range without a file
 * @param origin the cluster whose pipe brought it; null for what was written here, {@link
 *     #UNKNOWN_ORIGIN} for what an earlier version took in
 */
public record SealedFile(
    long start, long end, Path path, long lengthBytes, int crc32c, TimeRange times, UUID origin) {
  public static final UUID UNKNOWN_ORIGIN = new UUID(0, 0);

  /** Whether it came through a pipe. */
  public boolean loaded() {
    return origin != null;
  }
}
