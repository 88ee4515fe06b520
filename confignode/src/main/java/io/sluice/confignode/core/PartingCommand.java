package io.sluice.confignode.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/** Wishes about regions of dropped databases that pipes have still to ship. */
public sealed interface PartingCommand extends Command {
  /**
   * These pipes' receivers have all of the region and know that it was dropped. The last one lets
   * it go; pipes that were dropped meanwhile are waited for no more.
   */
  record Passed(int regionId, Collection<Long> pipes) implements PartingCommand {
    public Passed {
      pipes = List.copyOf(pipes);
    }

    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      Parting parting = image.databases().partings().get(regionId);
      if (parting == null) {
        return List.of();
      }
      SortedSet<Long> rest = parting.without(pipes, image);
      if (rest.equals(parting.pipes())) {
        return List.of();
      } else if (!rest.isEmpty()) {
        return List.of(new Record.RegionPartingSet(parting.withPipes(rest)));
      }
      List<Record> records = new ArrayList<>();
      records.add(new Record.RegionPartingGone(regionId));
      records.addAll(draining(image, regionId));
      return records;
    }
  }

  /** The region of a dropped database: kept for {@code pipes}, or removed at once for none. */
  static List<Record> dropped(
      ClusterImage image, Database database, int regionId, SortedSet<Long> pipes) {
    if (pipes.isEmpty()) {
      return draining(image, regionId);
    }
    // A change of its replicas goes on: it may be what brings it off a node that leaves.
    return List.of(
        new Record.RegionSet(image.databases().regions().get(regionId).part()),
        new Record.RegionPartingSet(new Parting(regionId, pipes, database.ttlMs())));
  }

  private static List<Record> draining(ClusterImage image, int regionId) {
    List<Record> records = new ArrayList<>();
    RegionChange change = image.databases().changes().get(regionId);
    int newcomer = change == null ? RegionChange.NOBODY : change.newcomer();
    records.add(new Record.RegionSet(image.databases().regions().get(regionId).drain(newcomer)));
    if (change != null) {
      records.add(new Record.RegionChangeGone(regionId));
    }
    return records;
  }
}
