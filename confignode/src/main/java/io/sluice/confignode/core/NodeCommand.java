package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;

/** Wishes about who belongs to the cluster. */
public sealed interface NodeCommand extends Command {
  /** Id of a node that has none yet. */
  int NO_ID = -1;

  /** The first ConfigNode's first decision; nothing happens when the cluster is founded already. */
  record FoundCluster(UUID clusterId, String clusterName, int seriesSlotNum, ConfigNodeMember first)
      implements NodeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      if (image.identity().isPresent()) {
        return List.of();
      }
      return List.of(
          new Record.ClusterFounded(new Identity(clusterId, clusterName, seriesSlotNum, nowMs)),
          new Record.ConfigNodeSet(first));
    }
  }

  /**
   * A ConfigNode joins ({@link #NO_ID}) or says where it listens now. A join repeated because the
   * answer was lost gets the same id, as long as that node is not yet a voting member.
   *
   * @param members ids of the ConfigNodes in the Raft group now
   */
  record RegisterConfigNode(
      String clusterName, Optional<UUID> clusterId, ConfigNodeMember node, List<Integer> members)
      implements NodeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkCluster(image, clusterName, clusterId);
      if (node.id() != NO_ID) {
        ConfigNodeMember known = image.nodes().configNodes().get(node.id());
        if (known == null) {
          throw refused(stranger(image, "ConfigNode", node.id()));
        }
        return known.equals(node) ? List.of() : List.of(new Record.ConfigNodeSet(node));
      }
      for (ConfigNodeMember known : image.nodes().configNodes().values()) {
        boolean same = known.internal().equals(node.internal()) && known.raft().equals(node.raft());
        if (same && !members.contains(known.id())) {
          return List.of(new Record.ConfigNodeSet(known));
        }
        if (known.internal().equals(node.internal()) || known.raft().equals(node.raft())) {
          throw refused(
              taken(
                  "ConfigNode",
                  known.id(),
                  "internal " + known.internal() + ", raft " + known.raft()));
        }
      }
      return List.of(
          new Record.ConfigNodeSet(
              new ConfigNodeMember(image.nodes().nextId(), node.internal(), node.raft())));
    }
  }

  /**
   * A DataNode joins ({@link #NO_ID}) or says where it listens now. A join repeated because the
   * answer was lost gets the same id, as long as that node holds no region.
   */
  record RegisterDataNode(String clusterName, Optional<UUID> clusterId, DataNodeMember node)
      implements NodeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkCluster(image, clusterName, clusterId);
      for (DataNodeMember known : image.nodes().dataNodes().values()) {
        if (known.id() == node.id() || !clashes(known)) {
          continue;
        }
        boolean holdsRegions =
            image.databases().regions().values().stream()
                .anyMatch(region -> region.replicas().contains(known.id()));
        if (node.id() == NO_ID && sameAddresses(known) && !holdsRegions) {
          return List.of(new Record.DataNodeSet(known));
        }
        throw refused(
            taken(
                "DataNode",
                known.id(),
                "client " + known.client() + ", internal " + known.internal()));
      }
      if (node.id() == NO_ID) {
        return List.of(
            new Record.DataNodeSet(
                new DataNodeMember(
                    image.nodes().nextId(), node.client(), node.internal(), node.regionRaft())));
      }
      DataNodeMember known = image.nodes().dataNodes().get(node.id());
      if (known == null) {
        throw refused(stranger(image, "DataNode", node.id()));
      }
      return known.equals(node) ? List.of() : List.of(new Record.DataNodeSet(node));
    }

    private boolean clashes(DataNodeMember known) {
      return known.client().equals(node.client())
          || known.internal().equals(node.internal())
          || known.regionRaft().equals(node.regionRaft());
    }

    private boolean sameAddresses(DataNodeMember known) {
      return known.client().equals(node.client())
          && known.internal().equals(node.internal())
          && known.regionRaft().equals(node.regionRaft());
    }
  }

  /**
   * Notes which DataNodes are Unknown.
   *
   * @param ids all of them
   */
  record NoteSilent(SortedSet<Integer> ids) implements NodeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      List<Integer> known = ids.stream().filter(image.nodes().dataNodes()::containsKey).toList();
      return known.equals(List.copyOf(image.nodes().silent()))
          ? List.of()
          : List.of(new Record.NodesSilent(known));
    }
  }

  private static void checkCluster(ClusterImage image, String name, Optional<UUID> id)
      throws StatusException {
    Identity cluster =
        image.identity().orElseThrow(() -> refused("the cluster is not founded yet, try again"));
    if (id.isPresent() && !id.get().equals(cluster.clusterId())) {
      throw refused(
          "this node's data folder belongs to cluster "
              + id.get()
              + ", the ConfigNode it asked to cluster "
              + cluster.clusterId()
              + " ("
              + cluster.clusterName()
              + "): start it with another data folder or other seed ConfigNodes");
    }
    if (!name.equals(cluster.clusterName())) {
      throw refused(
          "cluster_name is "
              + name
              + " on this node and "
              + cluster.clusterName()
              + " in the cluster it wants to join: make them equal, or name other seed ConfigNodes");
    }
  }

  private static String stranger(ClusterImage image, String kind, int id) {
    return id < image.nodes().nextId()
        ? kind
            + " "
            + id
            + " was removed from this cluster: to let it join anew, start it with an empty folder"
        : kind + " " + id + " is not known to this cluster";
  }

  private static String taken(String kind, int id, String addresses) {
    return kind
        + " "
        + id
        + " is registered with these addresses already ("
        + addresses
        + "): start it with its own data folder, or choose other ports";
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.ILLEGAL_PARAMETER, text);
  }
}
