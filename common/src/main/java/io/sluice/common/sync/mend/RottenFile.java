package io.sluice.common.sync.mend;

import io.sluice.common.sync.digest.TimeSpan;
import java.util.UUID;

/**
 * A receiver's sealed file that is not what it was when it was written, that no other replica has,
 * and whose rows all came from one sending cluster.
 *
 * @param region the receiver's
 * @param end of the file's range in that region's log
 * @param lengthBytes of the file
 * @param crc32c that it had; a file that takes its place has another
 * @param times between its first row and its last
 */
public record RottenFile(UUID region, long end, long lengthBytes, int crc32c, TimeSpan times) {
  /** Named in one answer; the others are named when these are mended. */
  public static final int NAMED_MAX = 64;
}
