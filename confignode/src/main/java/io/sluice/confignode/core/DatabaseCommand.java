package io.sluice.confignode.core;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** Wishes about databases and their regions. */
public sealed interface DatabaseCommand extends Command {
  /** Longest name of a database, in characters. */
  int NAME_CHARS_MAX = 1024;

  /** Most replicas a database's regions may be made with. */
  int REPLICATION_FACTOR_MAX = 3;

  /** Replicas that cost as two and still need every one of the two to go on. */
  int REPLICATION_FACTOR_NO_LOSS = 2;

  /**
   * @param replicationFactor replicas of each region
   * @param dataNodes where replicas may be put: the DataNodes Running now and not Removing; as many
   *     regions are made
   * @param regionUuids freshly drawn, one per entry of {@code dataNodes}
   */
  record CreateDatabase(
      String name,
      boolean ifNotExists,
      int replicationFactor,
      List<Integer> dataNodes,
      List<UUID> regionUuids)
      implements DatabaseCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkName(name);
      if (image.databases().databases().containsKey(name)) {
        if (ifNotExists) {
          return List.of();
        }
        throw exists(name + " has already been created as database");
      }
      for (String other : image.databases().databases().keySet()) {
        if (name.startsWith(other + ".")) {
          throw exists(other + " has already been created as database");
        }
        if (other.startsWith(name + ".")) {
          throw exists("some children of " + name + " have already been created as database");
        }
      }
      if (replicationFactor < 1 || replicationFactor > REPLICATION_FACTOR_MAX) {
        throw new StatusException(
            StatusCode.ILLEGAL_PARAMETER,
            "data_replication_factor is "
                + replicationFactor
                + ": it must be from 1 to "
                + REPLICATION_FACTOR_MAX);
      }
      if (dataNodes.isEmpty()) {
        throw new StatusException(
            StatusCode.EXECUTE_ERROR,
            "no DataNode is Running: database " + name + " would have no place for its data");
      }
      if (dataNodes.size() < replicationFactor) {
        throw new StatusException(
            StatusCode.EXECUTE_ERROR,
            "database "
                + name
                + " needs "
                + replicationFactor
                + " Running DataNodes for data_replication_factor "
                + replicationFactor
                + ", "
                + dataNodes.size()
                + (dataNodes.size() == 1 ? " is there" : " are there"));
      }
      return records(image, nowMs);
    }

    private List<Record> records(ClusterImage image, long nowMs) {
      List<Record> records = new ArrayList<>();
      List<Integer> ids = new ArrayList<>();
      Placement placement = new Placement(image);
      for (int i = 0; i < dataNodes.size(); i++) {
        int id = image.databases().nextRegionId() + i;
        ids.add(id);
        List<Integer> replicas = placement.deal(dataNodes, replicationFactor);
        records.add(
            new Record.RegionSet(
                new Region(
                    id,
                    regionUuids.get(i),
                    name,
                    replicas,
                    nowMs,
                    Region.Phase.LIVE,
                    new TreeSet<>(replicas))));
      }
      records.add(
          new Record.DatabaseSet(
              new Database(
                  name, image.databases().nextGeneration(), replicationFactor, ids, nowMs)));
      return records;
    }
  }

  /**
   * All or none: a name that does not exist refuses the whole. The databases are gone at once;
   * their regions stay, hidden, for the pipes there are.
   */
  record DeleteDatabases(List<String> names) implements DatabaseCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      List<Record> records = new ArrayList<>();
      SortedSet<Long> pipes = Parting.shipping(image);
      for (String name : new LinkedHashSet<>(names)) {
        Database database = image.databases().databases().get(name);
        if (database == null) {
          throw new StatusException(
              StatusCode.PATH_NOT_EXIST, "Path [" + name + "] does not exist");
        }
        records.add(new Record.DatabaseGone(name));
        for (int id : database.regionIds()) {
          records.addAll(PartingCommand.dropped(image, database, id, pipes));
        }
      }
      return records;
    }
  }

  /**
   * Of every database that matches, of which there must be one.
   *
   * @param ttlMs above 0, or {@link Database#NO_TTL}
   */
  record SetTtl(String pattern, long ttlMs) implements DatabaseCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      if (ttlMs < 0) {
        throw new StatusException(StatusCode.ILLEGAL_PARAMETER, "TTL must be more than 0 ms");
      }
      PathPattern databases = PathPattern.parse(pattern);
      List<Database> matching =
          image.databases().databases().values().stream()
              .filter(database -> databases.matches(database.name()))
              .toList();
      if (matching.isEmpty()) {
        throw new StatusException(
            StatusCode.DATABASE_NOT_EXIST, "Path [" + pattern + "] does not exist");
      }
      return matching.stream()
          .filter(database -> database.ttlMs() != ttlMs)
          .map(database -> (Record) new Record.DatabaseTtlSet(database.name(), ttlMs))
          .toList();
    }
  }

  /** A DataNode made the region ({@code phase} LIVE or PARTING) or removed it (DRAINING). */
  record ConfirmRegion(int regionId, int dataNode, Region.Phase phase) implements DatabaseCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      Region region = image.databases().regions().get(regionId);
      if (region == null || region.phase() != phase || !region.unconfirmed().contains(dataNode)) {
        return List.of();
      }
      Region confirmed = region.confirmedBy(dataNode);
      boolean gone = phase == Region.Phase.DRAINING && confirmed.unconfirmed().isEmpty();
      return List.of(gone ? new Record.RegionGone(regionId) : new Record.RegionSet(confirmed));
    }
  }

  private static void checkName(String name) throws StatusException {
    List<String> nodes = nodesOf(name);
    boolean legal =
        name.length() <= NAME_CHARS_MAX
            && nodes.size() >= 2
            && nodes.get(0).equals("root")
            && nodes.stream().allMatch(DatabaseCommand::legalNode);
    if (!legal) {
      throw new StatusException(
          StatusCode.ILLEGAL_PATH,
          (name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "…")
              + " is not a legal database name: root, then one or more nodes, no wildcard, at most "
              + NAME_CHARS_MAX
              + " characters");
    }
  }

  private static List<String> nodesOf(String name) {
    try {
      return PathPattern.split(name);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static boolean legalNode(String node) {
    boolean quoted = node.length() > 2 && node.startsWith("`") && node.endsWith("`");
    return quoted || PathPattern.plain(node);
  }

  private static StatusException exists(String text) {
    return new StatusException(StatusCode.DATABASE_ALREADY_EXISTS, text);
  }
}
