package io.sluice.datanode.region;

import io.sluice.common.sync.Route;
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
 * @param route how its points came here; {@link #UNKNOWN} for what an earlier version took in
 */
public record SealedFile(
    long start, long end, Path path, long lengthBytes, int crc32c, TimeRange times, Route route) {
  public static final Route UNKNOWN = Route.of(new UUID(0, 0));

  /** Whether it came through a pipe. */
  public boolean loaded() {
    return !route.isHere();
  }
}
