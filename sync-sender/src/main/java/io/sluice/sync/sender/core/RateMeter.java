package io.sluice.sync.sender.core;

import java.util.Arrays;

/** Bytes per second over the last minute, in steps of a second. Pure; owned by one feed. */
final class RateMeter {
  private static final int SECONDS = 60;

  private final long[] bytes = new long[SECONDS];
  private final long[] second = new long[SECONDS];

  /** -1 before anything was counted. */
  private long firstSecond = -1;

  RateMeter() {
    Arrays.fill(second, -1);
  }

  void add(long nowMs, long count) {
    long now = nowMs / 1_000;
    int slot = (int) (now % SECONDS);
    if (second[slot] != now) {
      second[slot] = now;
      bytes[slot] = 0;
    }
    bytes[slot] += count;
    if (firstSecond < 0) {
      firstSecond = now;
    }
  }

  /** Of a feed younger than a minute: over its age. */
  long bytesPerSecond(long nowMs) {
    if (firstSecond < 0) {
      return 0;
    }
    long now = nowMs / 1_000;
    long sum = 0;
    for (int slot = 0; slot < SECONDS; slot++) {
      if (second[slot] >= 0 && second[slot] > now - SECONDS) {
        sum += bytes[slot];
      }
    }
    return sum / Math.min(SECONDS, now - firstSecond + 1);
  }
}
