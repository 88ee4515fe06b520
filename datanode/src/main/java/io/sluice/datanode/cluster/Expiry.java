package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.time.WallClock;
import java.util.function.Supplier;

/**
 * Which points have expired: those older than their database's TTL by this node's clock. They are
 * hidden and not sent; until their file goes they come back when the TTL is raised or unset.
 * Thread-safe.
 *
 * @param catalog this node's copy
 * @param clock see {@link SettledClock}
 */
public record Expiry(Supplier<Catalog> catalog, WallClock clock) {
  /**
   * @param ttlMs by which it was reckoned, 0 for none
   * @param firstTimeMs the first time stamp that has not expired; Long.MIN_VALUE without TTL
   */
  public record Cutoff(long ttlMs, long firstTimeMs) {
    public static final Cutoff NONE = new Cutoff(0, Long.MIN_VALUE);
  }

  /** Of a database as of now. */
  public Cutoff of(String database) {
    for (DatabaseInfo info : catalog.get().getDatabases()) {
      if (info.getName().equals(database)) {
        return of(info);
      }
    }
    return Cutoff.NONE;
  }

  Cutoff of(DatabaseInfo info) {
    return info.isSetTtlMs()
        ? new Cutoff(info.getTtlMs(), clock.nowMs() - info.getTtlMs())
        : Cutoff.NONE;
  }
}
