package io.sluice.confignode.core;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/** Wishes about databases and their regions. */
public sealed interface DatabaseCommand extends Command {
  /** Longest name of a database, in characters. */
  int NAME_CHARS_MAX = 1024;

  /**
   * @param dataNodes where regions may be put, one each: the DataNodes Running now
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
      if (replicationFactor != 1) {
        throw new StatusException(
            StatusCode.UNSUPPORTED,
            "data_replication_factor " + replicationFactor + " is not supported yet: only 1 is");
      }
      if (dataNodes.isEmpty()) {
        throw new StatusException(
            StatusCode.EXECUTE_ERROR,
            "no DataNode is Running: database " + name + " would have no place for its data");
      }
      return records(image, nowMs);
    }

    private List<Record> records(ClusterImage image, long nowMs) {
      List<Record> records = new ArrayList<>();
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < dataNodes.size(); i++) {
        int id = image.databases().nextRegionId() + i;
        ids.add(id);
        List<Integer> replicas = List.of(dataNodes.get(i));
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

  /** All or none: a name that does not exist refuses the whole. */
  record DeleteDatabases(List<String> names) implements DatabaseCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      List<Record> records = new ArrayList<>();
      for (String name : new LinkedHashSet<>(names)) {
        Database database = image.databases().databases().get(name);
        if (database == null) {
          throw new StatusException(
              StatusCode.PATH_NOT_EXIST, "Path [" + name + "] does not exist");
        }
        records.add(new Record.DatabaseGone(name));
        for (int id : database.regionIds()) {
          records.add(new Record.RegionSet(image.databases().regions().get(id).drain()));
        }
      }
      return records;
    }
  }

  /** A DataNode made the region ({@code phase} LIVE) or removed it (DRAINING). */
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
