package io.sluice.datanode.region.scrub;

/**
 * How a node looks at its sealed files by itself.
 *
 * @param intervalMs between the beginnings of two rounds; 0: only when a statement asks
 * @param bytesPerSecond read at most; 0: as fast as the disk gives them
 */
public record ScrubOptions(long intervalMs, long bytesPerSecond) {
  public static final ScrubOptions ONLY_WHEN_ASKED = new ScrubOptions(0, 0);

  /**
   * @param bytes just read
   * @param tookMs from the piece before
   * @return how long to rest, so that the rate is kept
   */
  public long pauseMs(long bytes, long tookMs) {
    return bytesPerSecond == 0 ? 0 : Math.max(0, bytes * 1_000 / bytesPerSecond - tookMs);
  }
}
