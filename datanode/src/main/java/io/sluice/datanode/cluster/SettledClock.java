package io.sluice.datanode.cluster;

import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;

/**
 * The time of day by which points expire: a jump forward is believed an hour later only, and time
 * goes on from before the jump until then. A clock set wrong for a moment must not make points
 * expire that are then passed over for good. A jump back is believed at once: it makes nothing
 * expire. Thread-safe.
 */
public final class SettledClock implements WallClock {
  /** More than a clock that is merely slewed, or looked at once a day, can gain. */
  static final long JUMP_MS = 300_000;

  static final long DOUBT_MS = 3_600_000;

  private final WallClock wall;
  private final MonotonicClock elapsed;

  /** The last pair of readings that was believed. */
  private long believedMs;

  private long believedAtMs;

  /** The jump that is doubted, 0 for none, and since when. */
  private long jumpMs;

  private long doubtedAtMs;

  /** When the clock last jumped, either way, or this began. */
  private long unsettledAtMs;

  public SettledClock(WallClock wall, MonotonicClock elapsed) {
    this.wall = wall;
    this.elapsed = elapsed;
    believe(wall.nowMs(), elapsed.nowMs());
    unsettledAtMs = believedAtMs;
  }

  private void believe(long nowMs, long atMs) {
    believedMs = nowMs;
    believedAtMs = atMs;
    jumpMs = 0;
  }

  @Override
  public synchronized long nowMs() {
    long nowMs = wall.nowMs();
    long atMs = elapsed.nowMs();
    long unjumpedMs = believedMs + (atMs - believedAtMs);
    long aheadMs = nowMs - unjumpedMs;
    if (aheadMs < -JUMP_MS) {
      unsettledAtMs = atMs;
    }
    if (aheadMs <= JUMP_MS) {
      believe(nowMs, atMs);
      return nowMs;
    }
    if (jumpMs == 0 || aheadMs - jumpMs > JUMP_MS) {
      jumpMs = aheadMs;
      doubtedAtMs = atMs;
      unsettledAtMs = atMs;
    }
    if (atMs - doubtedAtMs < DOUBT_MS) {
      return unjumpedMs;
    }
    believe(nowMs, atMs);
    return nowMs;
  }

  /** Whether the clock has run for an hour without a jump, in this process. */
  public synchronized boolean settled() {
    nowMs();
    return elapsed.nowMs() - unsettledAtMs >= DOUBT_MS;
  }
}
