package io.sluice.datanode.pipe;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.PartingRegion;
import io.sluice.common.rpc.RegionInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which regions a pipe ships, by the catalog: those of databases there are, and those of dropped
 * ones that it has not shipped to the end. A region whose devices were in a dropped one waits for
 * that: what hides the old rows at the receiver must not come behind new ones. A region that the
 * catalog does not have yet waits too, since it may be such a one. Thread-safe.
 */
final class ShippingOrder {
  private final Supplier<Catalog> catalog;
  private volatile Known known;

  private record Known(
      Catalog of, Map<UUID, RegionInfo> live, Map<UUID, Set<Long>> waited, List<Parting> partings) {
    static Known of(Catalog catalog) {
      Map<UUID, RegionInfo> live = new HashMap<>();
      for (RegionInfo region : catalog.getRegions()) {
        live.put(UUID.fromString(region.getUuid()), region);
      }
      Map<UUID, Set<Long>> waited = new HashMap<>();
      List<PartingRegion> partings =
          catalog.isSetPartings() ? catalog.getPartings() : List.<PartingRegion>of();
      for (PartingRegion parting : partings) {
        UUID id = UUID.fromString(parting.getRegion().getUuid());
        waited.put(id, new HashSet<>(parting.getPipeNumbers()));
      }
      return new Known(catalog, live, waited, partings.stream().map(Parting::of).toList());
    }

    boolean ships(UUID region, long pipe) {
      Set<Long> waits = waited.get(region);
      if (waits != null) {
        return waits.contains(pipe);
      }
      RegionInfo info = live.get(region);
      return info != null && partings.stream().noneMatch(old -> old.precedes(info, pipe));
    }
  }

  private record Parting(int id, String database, Set<Long> pipes) {
    static Parting of(PartingRegion parting) {
      return new Parting(
          parting.getRegion().getId(),
          parting.getRegion().getDatabase(),
          Set.copyOf(parting.getPipeNumbers()));
    }

    /** Ids are given in the order in which regions are made. */
    boolean precedes(RegionInfo region, long pipe) {
      String name = region.getDatabase();
      boolean overlaps =
          name.equals(database)
              || name.startsWith(database + ".")
              || database.startsWith(name + ".");
      return overlaps && id < region.getId() && pipes.contains(pipe);
    }
  }

  ShippingOrder(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  boolean ships(UUID region, long pipe) {
    return now().ships(region, pipe);
  }

  /** Rises whenever {@link #ships} may have another answer. */
  long version() {
    return now().of().getVersion();
  }

  private Known now() {
    Catalog current = catalog.get();
    Known last = known;
    if (last == null || last.of() != current) {
      last = Known.of(current);
      known = last;
    }
    return last;
  }
}
