package io.sluice.confignode.core;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Databases by name and regions by id, draining ones too.
 *
 * @param changes of regions' replicas under way, by region id: at most one each
 * @param stale replicas that take part no more and are still to be deleted
 * @param partings what regions of dropped databases wait for, by region id
 * @param nextGeneration above every generation ever given
 */
public record DatabasesImage(
    SortedMap<String, Database> databases,
    SortedMap<Integer, Region> regions,
    SortedMap<Integer, RegionChange> changes,
    SortedSet<StaleReplica> stale,
    SortedMap<Integer, Parting> partings,
    int nextRegionId,
    long nextGeneration) {
  static final DatabasesImage EMPTY =
      new DatabasesImage(
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet(),
          Collections.emptySortedMap(),
          0,
          1);

  /** Regions of databases that exist, by id. */
  public List<Region> liveRegions() {
    return regions.values().stream().filter(r -> r.phase() == Region.Phase.LIVE).toList();
  }

  /** Regions that are to be on their nodes, led and moved: live ones, and those pipes wait for. */
  public List<Region> hostedRegions() {
    return regions.values().stream().filter(r -> r.phase() != Region.Phase.DRAINING).toList();
  }

  /** Regions of dropped databases that this pipe has still to ship, by id. */
  public List<Region> partingFor(long pipeNumber) {
    return partings.values().stream()
        .filter(parting -> parting.pipes().contains(pipeNumber))
        .map(parting -> regions.get(parting.regionId()))
        .toList();
  }

  /** Regions of any phase that some DataNode has yet to make or remove, by id. */
  public List<Region> unfinishedRegions() {
    return regions.values().stream().filter(r -> !r.unconfirmed().isEmpty()).toList();
  }

  DatabasesImage with(Database database) {
    return new DatabasesImage(
        SortedMaps.with(databases, database.name(), database),
        regions,
        changes,
        stale,
        partings,
        nextRegionId,
        Math.max(nextGeneration, database.generation() + 1));
  }

  DatabasesImage without(String database) {
    return new DatabasesImage(
        SortedMaps.without(databases, database),
        regions,
        changes,
        stale,
        partings,
        nextRegionId,
        nextGeneration);
  }

  DatabasesImage with(Region region) {
    return new DatabasesImage(
        databases,
        SortedMaps.with(regions, region.id(), region),
        changes,
        stale,
        partings,
        Math.max(nextRegionId, region.id() + 1),
        nextGeneration);
  }

  DatabasesImage withoutRegion(int id) {
    return new DatabasesImage(
        databases,
        SortedMaps.without(regions, id),
        changes,
        stale,
        partings,
        nextRegionId,
        nextGeneration);
  }

  DatabasesImage withCounters(int regionId, long generation) {
    return new DatabasesImage(databases, regions, changes, stale, partings, regionId, generation);
  }

  DatabasesImage with(RegionChange change) {
    return withChanges(SortedMaps.with(changes, change.regionId(), change));
  }

  DatabasesImage withoutChange(int regionId) {
    return withChanges(SortedMaps.without(changes, regionId));
  }

  private DatabasesImage withChanges(SortedMap<Integer, RegionChange> changed) {
    return new DatabasesImage(
        databases, regions, changed, stale, partings, nextRegionId, nextGeneration);
  }

  DatabasesImage with(Parting parting) {
    return withPartings(SortedMaps.with(partings, parting.regionId(), parting));
  }

  DatabasesImage withoutParting(int regionId) {
    return withPartings(SortedMaps.without(partings, regionId));
  }

  private DatabasesImage withPartings(SortedMap<Integer, Parting> changed) {
    return new DatabasesImage(
        databases, regions, changes, stale, changed, nextRegionId, nextGeneration);
  }

  DatabasesImage with(StaleReplica more) {
    TreeSet<StaleReplica> changed = new TreeSet<>(stale);
    changed.add(more);
    return withStale(changed);
  }

  DatabasesImage without(StaleReplica deleted) {
    TreeSet<StaleReplica> changed = new TreeSet<>(stale);
    changed.remove(deleted);
    return withStale(changed);
  }

  private DatabasesImage withStale(TreeSet<StaleReplica> changed) {
    return new DatabasesImage(
        databases,
        regions,
        changes,
        Collections.unmodifiableSortedSet(changed),
        partings,
        nextRegionId,
        nextGeneration);
  }
}
