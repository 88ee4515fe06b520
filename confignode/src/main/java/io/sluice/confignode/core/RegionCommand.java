package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Wishes about where a region's replicas are. The first three begin a change, {@link Advance}
 * records that a step of it was done.
 */
public sealed interface RegionCommand extends Command {
  /**
   * What the leader knows of the DataNodes.
   *
   * @param running may be given replicas: Running and not Removing
   * @param up answer: not Unknown
   */
  record Nodes(Set<Integer> running, Set<Integer> up) {
    public Nodes {
      running = Set.copyOf(running);
      up = Set.copyOf(up);
    }
  }

  record Extend(int regionId, int to, Nodes nodes) implements RegionCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      Region region = existing(image, regionId);
      checkNewcomer(image, region, to, nodes);
      checkIdle(image, region);
      checkMajority(region, nodes, List.of());
      return List.of(new Record.RegionChangeSet(RegionChange.extend(regionId, to, nowMs)));
    }
  }

  /** Of a replica that is just being added: gives the adding up. */
  record RemoveReplica(int regionId, int from, Nodes nodes) implements RegionCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      Region region = existing(image, regionId);
      existingNode(image, from);
      RegionChange underWay = image.databases().changes().get(regionId);
      if (underWay != null && underWay.takesIn() && underWay.to() == from) {
        return List.of(new Record.RegionChangeSet(RegionChange.remove(regionId, from, nowMs)));
      }
      checkHolder(region, from);
      if (region.replicas().size() == 1) {
        throw refused(
            "DataNode "
                + from
                + " holds the only replica of region "
                + regionId
                + ": EXTEND it to another DataNode first, or MIGRATE it");
      }
      checkIdle(image, region);
      checkMajority(region, nodes, List.of(from));
      return List.of(new Record.RegionChangeSet(RegionChange.remove(regionId, from, nowMs)));
    }
  }

  record Migrate(int regionId, int from, int to, Nodes nodes) implements RegionCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      Region region = existing(image, regionId);
      existingNode(image, from);
      checkHolder(region, from);
      checkNewcomer(image, region, to, nodes);
      checkIdle(image, region);
      checkMajority(region, nodes, List.of(from));
      return List.of(new Record.RegionChangeSet(RegionChange.migrate(regionId, from, to, nowMs)));
    }
  }

  /** The step {@code done} is at was done. Nothing when the change has moved on or ended. */
  record Advance(RegionChange done) implements RegionCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      Region region = image.databases().regions().get(done.regionId());
      if (!done.equals(image.databases().changes().get(done.regionId()))) {
        return List.of();
      }
      return switch (done.step()) {
        case CREATING -> List.of(new Record.RegionChangeSet(done.at(RegionChange.Step.ADDING)));
        case ADDING -> added(image, region);
        case REMOVING -> removed(image, region);
      };
    }

    private List<Record> added(ClusterImage image, Region region) {
      List<Integer> replicas = new ArrayList<>(region.replicas());
      replicas.add(done.to());
      if (done.kind() == RegionChange.Kind.MIGRATE) {
        return List.of(
            new Record.RegionSet(region.withReplicas(replicas)),
            new Record.RegionChangeSet(done.at(RegionChange.Step.REMOVING)));
      }
      return List.of(
          new Record.RegionSet(
              region.withReplicas(new Placement(image).leaderFirst(region, replicas))),
          new Record.RegionChangeGone(region.id()));
    }

    private List<Record> removed(ClusterImage image, Region region) {
      List<Integer> replicas = new ArrayList<>(region.replicas());
      replicas.remove((Integer) done.from());
      return List.of(
          new Record.RegionSet(
              region.withReplicas(new Placement(image).leaderFirst(region, replicas))),
          new Record.RegionChangeGone(region.id()),
          new Record.StaleReplicaSet(new StaleReplica(region.uuid(), done.from())));
    }
  }

  /** A DataNode deleted what was left of a replica. */
  record ConfirmStale(StaleReplica deleted) implements RegionCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      return image.databases().stale().contains(deleted)
          ? List.of(new Record.StaleReplicaGone(deleted))
          : List.of();
    }
  }

  private static Region existing(ClusterImage image, int regionId) throws StatusException {
    Region region = image.databases().regions().get(regionId);
    if (region == null || region.phase() == Region.Phase.DRAINING) {
      throw refused("Region " + regionId + " does not exist");
    }
    return region;
  }

  private static void existingNode(ClusterImage image, int node) throws StatusException {
    if (!image.nodes().dataNodes().containsKey(node)) {
      throw refused("DataNode " + node + " does not exist");
    }
  }

  private static void checkHolder(Region region, int node) throws StatusException {
    if (!region.replicas().contains(node)) {
      throw refused("DataNode " + node + " holds no replica of region " + region.id());
    }
  }

  private static void checkNewcomer(ClusterImage image, Region region, int node, Nodes nodes)
      throws StatusException {
    existingNode(image, node);
    if (region.replicas().contains(node)) {
      throw refused("DataNode " + node + " holds a replica of region " + region.id() + " already");
    }
    if (image.nodes().removing().contains(node)) {
      throw refused("DataNode " + node + " is being removed: it can be given no replica");
    }
    if (!nodes.running().contains(node)) {
      throw refused("DataNode " + node + " is not Running: it can be given no replica now");
    }
    if (image.databases().stale().contains(new StaleReplica(region.uuid(), node))) {
      throw refused(
          "DataNode "
              + node
              + " has yet to delete its former replica of region "
              + region.id()
              + ": try again in a moment");
    }
  }

  private static void checkIdle(ClusterImage image, Region region) throws StatusException {
    RegionChange underWay = image.databases().changes().get(region.id());
    if (underWay != null) {
      throw refused(
          "region "
              + region.id()
              + " is being changed ("
              + underWay.text()
              + "): wait until SHOW REGIONS shows its replicas Running");
    }
  }

  /**
   * A group changes its members by a majority of those it has.
   *
   * @param going need not have made their replicas yet
   */
  private static void checkMajority(Region region, Nodes nodes, List<Integer> going)
      throws StatusException {
    List<Integer> unmade =
        region.unconfirmed().stream()
            .filter(node -> !going.contains(node) || region.replicas().size() == 1)
            .toList();
    if (!unmade.isEmpty()) {
      throw refused(
          "region " + region.id() + " is still being made on DataNodes " + unmade + ": try again");
    }
    if (!region.majority(nodes.up())) {
      throw refused(
          "region "
              + region.id()
              + " has no majority of its replicas (DataNodes "
              + region.replicas()
              + ") on DataNodes that answer: bring them back first");
    }
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.EXECUTE_ERROR, text);
  }
}
