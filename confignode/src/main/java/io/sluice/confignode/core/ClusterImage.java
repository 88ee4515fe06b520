package io.sluice.confignode.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All that is known of the cluster, as of one point of the metadata log. Immutable; made only by
 * replaying records.
 *
 * @param identity empty until the cluster is founded
 * @param users by name; root is among them once its password was set
 * @param catalogVersion rises with every change of what DataNodes cache: nodes, databases, regions,
 *     users
 * @param revision number of log entries that took effect; an entry names the revision it was
 *     decided on and has no effect on another
 */
public record ClusterImage(
    Optional<Identity> identity,
    NodesImage nodes,
    DatabasesImage databases,
    PipesImage pipes,
    SortedMap<String, User> users,
    long catalogVersion,
    long revision) {

  public static final ClusterImage EMPTY =
      new ClusterImage(
          Optional.empty(),
          NodesImage.EMPTY,
          DatabasesImage.EMPTY,
          PipesImage.EMPTY,
          Collections.emptySortedMap(),
          0,
          0);

  /** The image after these facts, in this order. */
  public ClusterImage replay(List<Record> records) {
    ClusterImage image = this;
    for (Record record : records) {
      image = record.replayOn(image);
    }
    return image;
  }

  /** Counts one log entry that took effect. */
  public ClusterImage nextRevision() {
    return new ClusterImage(identity, nodes, databases, pipes, users, catalogVersion, revision + 1);
  }

  /** This image as records: replayed on {@link #EMPTY} they make an equal one. */
  public List<Record> asRecords() {
    List<Record> records = new ArrayList<>();
    identity.ifPresent(founded -> records.add(new Record.ClusterFounded(founded)));
    nodes.configNodes().values().forEach(n -> records.add(new Record.ConfigNodeSet(n)));
    nodes.dataNodes().values().forEach(n -> records.add(new Record.DataNodeSet(n)));
    databases.databases().values().forEach(d -> records.add(new Record.DatabaseSet(d)));
    for (Database database : databases.databases().values()) {
      if (database.ttlMs() != Database.NO_TTL) {
        records.add(new Record.DatabaseTtlSet(database.name(), database.ttlMs()));
      }
    }
    databases.regions().values().forEach(r -> records.add(new Record.RegionSet(r)));
    databases.changes().values().forEach(c -> records.add(new Record.RegionChangeSet(c)));
    databases.partings().values().forEach(p -> records.add(new Record.RegionPartingSet(p)));
    databases.stale().forEach(s -> records.add(new Record.StaleReplicaSet(s)));
    nodes.removing().forEach(id -> records.add(new Record.NodeRemoving(id)));
    if (!nodes.silent().isEmpty()) {
      records.add(new Record.NodesSilent(List.copyOf(nodes.silent())));
    }
    pipes.sinks().values().forEach(s -> records.add(new Record.PipeSinkSet(s)));
    pipes.pipes().values().forEach(p -> records.add(new Record.PipeSet(p)));
    pipes.procedures().values().forEach(p -> records.add(new Record.ProcedureSet(p)));
    users.values().forEach(u -> records.add(new Record.UserSet(u)));
    records.add(
        new Record.CountersSet(
            nodes.nextId(),
            databases.nextRegionId(),
            databases.nextGeneration(),
            pipes.nextPipeNumber(),
            pipes.nextProcedureId(),
            pipes.version(),
            catalogVersion,
            revision));
    return records;
  }

  ClusterImage with(Identity founded) {
    return new ClusterImage(
        Optional.of(founded), nodes, databases, pipes, users, catalogVersion + 1, revision);
  }

  ClusterImage with(NodesImage changed) {
    return new ClusterImage(
        identity, changed, databases, pipes, users, catalogVersion + 1, revision);
  }

  ClusterImage withSilent(List<Integer> ids) {
    return new ClusterImage(
        identity, nodes.withSilent(ids), databases, pipes, users, catalogVersion, revision);
  }

  ClusterImage with(DatabasesImage changed) {
    return new ClusterImage(identity, nodes, changed, pipes, users, catalogVersion + 1, revision);
  }

  ClusterImage with(PipesImage changed) {
    return new ClusterImage(identity, nodes, databases, changed, users, catalogVersion, revision);
  }

  ClusterImage with(User user) {
    return withUsers(SortedMaps.with(users, user.name(), user));
  }

  ClusterImage withoutUser(String name) {
    return withUsers(SortedMaps.without(users, name));
  }

  private ClusterImage withUsers(SortedMap<String, User> changed) {
    return new ClusterImage(
        identity, nodes, databases, pipes, changed, catalogVersion + 1, revision);
  }
}
