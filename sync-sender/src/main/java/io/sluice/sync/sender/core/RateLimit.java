package io.sluice.sync.sender.core;

/**
 * So many bytes a second for several senders together: each asks for its turn and waits for it;
 * turns come in the order in which they were asked for. Nothing is saved up while nobody asks.
 * Thread-safe.
 */
public final class RateLimit {
  private static final long MICROS_PER_MS = 1_000;
  private static final double MICROS_PER_S = 1e6;

  /** 0: no limit. */
  private long bytesPerSecondMax;

  private long changes;

  /** When the next turn begins, at the earliest. */
  private long freeAtMicros = Long.MIN_VALUE;

  /**
   * When to send. Of no use once the limit has changed.
   *
   * @param changes how often the limit had changed before
   */
  public record Turn(long atMs, long changes) {}

  public RateLimit(long bytesPerSecondMax) {
    this.bytesPerSecondMax = bytesPerSecondMax;
  }

  /** Turns that were given before are void. */
  public synchronized void change(long newBytesPerSecondMax) {
    if (bytesPerSecondMax != newBytesPerSecondMax) {
      bytesPerSecondMax = newBytesPerSecondMax;
      freeAtMicros = Long.MIN_VALUE;
      changes++;
    }
  }

  public synchronized Turn take(long bytes, long nowMs) {
    if (bytesPerSecondMax == 0) {
      return new Turn(nowMs, changes);
    }
    long atMicros = Math.max(freeAtMicros, nowMs * MICROS_PER_MS);
    freeAtMicros = atMicros + Math.round(bytes * MICROS_PER_S / bytesPerSecondMax);
    return new Turn(Math.floorDiv(atMicros + MICROS_PER_MS - 1, MICROS_PER_MS), changes);
  }

  /** False when the limit has changed since: take another. */
  public synchronized boolean holds(Turn turn) {
    return turn.changes() == changes;
  }

  public synchronized long bytesPerSecondMax() {
    return bytesPerSecondMax;
  }
}
