package io.sluice.confignode.service;

import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.ReplicaStatus;
import io.sluice.common.rpc.ReplicaView;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.core.RegionChange;
import io.sluice.confignode.core.ReplicaSeen;
import io.sluice.confignode.duty.NodeHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The replicas as SHOW REGIONS prints them: what is recorded, and what was seen last. */
public final class ReplicaViews {
  private ReplicaViews() {}

  /** By region, then by node. */
  static List<ReplicaView> of(ClusterImage image, NodeHealth health) {
    List<ReplicaView> views = new ArrayList<>();
    for (Region region : image.databases().liveRegions()) {
      RegionChange change = image.databases().changes().get(region.id());
      List<ReplicaSeen> seen = health.replicas(region);
      Optional<ReplicaSeen> leader = ReplicaSeen.leader(seen);
      TreeSet<Integer> holders = new TreeSet<>(region.replicas());
      if (change != null) {
        holders.add(change.takesIn() ? change.to() : change.from());
      }
      holders.remove(RegionChange.NOBODY);
      for (int node : holders) {
        boolean leads =
            leader.map(l -> l.dataNode() == node).orElse(seen.isEmpty() && holders.size() == 1);
        views.add(
            new ReplicaView(
                region.id(), node, status(change, node, health.status(node), seen), leads));
      }
    }
    return views;
  }

  private static ReplicaStatus status(
      RegionChange change, int node, NodeStatus nodeStatus, List<ReplicaSeen> seen) {
    if (change != null && change.takesIn() && change.to() == node) {
      return ReplicaStatus.ADDING;
    }
    if (change != null && change.from() == node) {
      return ReplicaStatus.REMOVING;
    }
    Optional<ReplicaSeen> replica = seen.stream().filter(r -> r.dataNode() == node).findFirst();
    boolean down = replica.isPresent() && !replica.get().running();
    boolean leaderless = !seen.isEmpty() && ReplicaSeen.leader(seen).isEmpty();
    if (nodeStatus == NodeStatus.UNKNOWN || down || leaderless) {
      return ReplicaStatus.UNKNOWN;
    }
    return nodeStatus == NodeStatus.READ_ONLY ? ReplicaStatus.READ_ONLY : ReplicaStatus.RUNNING;
  }

  /** Regions that no replica leads, as far as DataNodes that answer say; their state is known. */
  public static long withoutLeader(ClusterImage image, NodeHealth health) {
    return image.databases().liveRegions().stream()
        .filter(region -> ReplicaSeen.leader(health.replicas(region)).isEmpty())
        .count();
  }

  /** Replicas that do not take part: their node is Unknown, or their Raft server has ended. */
  public static long down(ClusterImage image, NodeHealth health) {
    long down = 0;
    for (Region region : image.databases().liveRegions()) {
      List<ReplicaSeen> seen = health.replicas(region);
      down +=
          region.replicas().stream()
              .filter(
                  node ->
                      health.status(node) == NodeStatus.UNKNOWN
                          || seen.stream().anyMatch(r -> r.dataNode() == node && !r.running()))
              .count();
    }
    return down;
  }
}
