package io.sluice.confignode.core;

import java.util.List;

/**
 * One decided fact. Replaying it is the only way an image changes; it cannot fail, and replaying
 * the same records in the same order gives the same image everywhere. How a record is written is in
 * {@code docs/formats/confignode-records.md}.
 */
public sealed interface Record {
  ClusterImage replayOn(ClusterImage image);

  record ClusterFounded(Identity identity) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(identity);
    }
  }

  /** A ConfigNode joined or has new addresses. */
  record ConfigNodeSet(ConfigNodeMember node) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.nodes().with(node));
    }
  }

  /** A DataNode joined or has new addresses. */
  record DataNodeSet(DataNodeMember node) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.nodes().with(node));
    }
  }

  record DatabaseSet(Database database) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().with(database));
    }
  }

  /**
   * For how long a database's points are to be seen, {@link Database#NO_TTL} for ever. A database
   * that is new has none.
   */
  record DatabaseTtlSet(String database, long ttlMs) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      Database now = image.databases().databases().get(database);
      return now == null ? image : image.with(image.databases().with(now.withTtl(ttlMs)));
    }
  }

  record DatabaseGone(String name) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().without(name));
    }
  }

  record RegionSet(Region region) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().with(region));
    }
  }

  /** No DataNode holds the region any more. */
  record RegionGone(int regionId) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().withoutRegion(regionId));
    }
  }

  record PipeSinkSet(PipeSink sink) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().with(sink));
    }
  }

  record PipeSinkGone(String name) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().withoutSink(name));
    }
  }

  /** A pipe as it is from the pipe table's version {@code pipe.changedAt()} on. */
  record PipeSet(Pipe pipe) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().with(pipe));
    }
  }

  record PipeGone(long number, long atVersion) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().withoutPipe(number, atVersion));
    }
  }

  /** A pipe statement began or took a step. */
  record ProcedureSet(PipeProcedure procedure) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().with(procedure));
    }
  }

  record ProcedureGone(long id) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.pipes().withoutProcedure(id));
    }
  }

  /** A change of a region's replicas began or took a step. */
  record RegionChangeSet(RegionChange change) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().with(change));
    }
  }

  record RegionChangeGone(int regionId) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().withoutChange(regionId));
    }
  }

  record StaleReplicaSet(StaleReplica stale) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().with(stale));
    }
  }

  record StaleReplicaGone(StaleReplica stale) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().without(stale));
    }
  }

  /** A node of either kind is to leave. */
  record NodeRemoving(int id) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.nodes().withRemoving(id));
    }
  }

  /** A node of either kind has left; its id is never given again. */
  record NodeGone(int id) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.nodes().without(id));
    }
  }

  /** These DataNodes and no others are Unknown now. No DataNode caches it. */
  record NodesSilent(List<Integer> ids) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.withSilent(ids);
    }
  }

  /** A dropped database's region is kept for these pipes. */
  record RegionPartingSet(Parting parting) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().with(parting));
    }
  }

  /** No pipe has to ship the region any more. */
  record RegionPartingGone(int regionId) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(image.databases().withoutParting(regionId));
    }
  }

  /** The last record of a snapshot: the counters exactly as they were. */
  record CountersSet(
      int nextNodeId,
      int nextRegionId,
      long nextGeneration,
      long nextPipeNumber,
      long nextProcedureId,
      long pipeTableVersion,
      long catalogVersion,
      long revision)
      implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return new ClusterImage(
          image.identity(),
          image.nodes().withNextId(nextNodeId),
          image.databases().withCounters(nextRegionId, nextGeneration),
          image.pipes().withCounters(pipeTableVersion, nextPipeNumber, nextProcedureId),
          image.users(),
          catalogVersion,
          revision);
    }
  }

  /** A user is new, or has another password. */
  record UserSet(User user) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.with(user);
    }
  }

  record UserGone(String name) implements Record {
    @Override
    public ClusterImage replayOn(ClusterImage image) {
      return image.withoutUser(name);
    }
  }
}
