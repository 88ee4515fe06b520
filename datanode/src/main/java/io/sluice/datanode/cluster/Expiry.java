package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.PartingRegion;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.region.Region;
import java.util.List;
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
  private static final List<PartingRegion> NO_PARTINGS = List.of();

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

  /** Of a region as of now; when its database was dropped, by what that had. */
  public Cutoff of(Region region) {
    if (region.droppedIndex() == 0) {
      return of(region.database());
    }
    Catalog now = catalog.get();
    for (PartingRegion parting : now.isSetPartings() ? now.getPartings() : NO_PARTINGS) {
      if (parting.isSetTtlMs() && parting.getRegion().getUuid().equals(region.id().toString())) {
        return of(parting.getTtlMs());
      }
    }
    return Cutoff.NONE;
  }

  Cutoff of(DatabaseInfo info) {
    return info.isSetTtlMs() ? of(info.getTtlMs()) : Cutoff.NONE;
  }

  private Cutoff of(long ttlMs) {
    return new Cutoff(ttlMs, clock.nowMs() - ttlMs);
  }
}
