package io.sluice.confignode.core;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Databases by name and regions by id, draining ones too.
 *
 * @param nextGeneration above every generation ever given
 */
public record DatabasesImage(
    SortedMap<String, Database> databases,
    SortedMap<Integer, Region> regions,
    int nextRegionId,
    long nextGeneration) {
  static final DatabasesImage EMPTY =
      new DatabasesImage(Collections.emptySortedMap(), Collections.emptySortedMap(), 0, 1);

  /** Regions of databases that exist, by id. */
  public List<Region> liveRegions() {
    return regions.values().stream().filter(r -> r.phase() == Region.Phase.LIVE).toList();
  }

  /** Regions of either phase that some DataNode has yet to make or remove, by id. */
  public List<Region> unfinishedRegions() {
    return regions.values().stream().filter(r -> !r.unconfirmed().isEmpty()).toList();
  }

  DatabasesImage with(Database database) {
    return new DatabasesImage(
        SortedMaps.with(databases, database.name(), database),
        regions,
        nextRegionId,
        Math.max(nextGeneration, database.generation() + 1));
  }

  DatabasesImage without(String database) {
    return new DatabasesImage(
        SortedMaps.without(databases, database), regions, nextRegionId, nextGeneration);
  }

  DatabasesImage with(Region region) {
    return new DatabasesImage(
        databases,
        SortedMaps.with(regions, region.id(), region),
        Math.max(nextRegionId, region.id() + 1),
        nextGeneration);
  }

  DatabasesImage withoutRegion(int id) {
    return new DatabasesImage(
        databases, SortedMaps.without(regions, id), nextRegionId, nextGeneration);
  }

  DatabasesImage withCounters(int regionId, long generation) {
    return new DatabasesImage(databases, regions, regionId, generation);
  }
}
