package io.sluice.confignode.service;

import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.duty.NodeHealth;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.view.Views;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What SHOW CLUSTER, SHOW DATANODES and the like print. */
final class ClusterStates {
  private final MetadataGroup group;

  ClusterStates(MetadataGroup group) {
    this.group = group;
  }

  ClusterStateResp of(ClusterImage image, NodeHealth health) throws IOException {
    return new ClusterStateResp(new Status(StatusCode.SUCCESS, ""))
        .setCatalog(Views.catalog(image))
        .setConfigNodes(configNodes(image, health))
        .setDataNodes(dataNodes(image, health))
        .setRegionLeaders(health.regionLeaders(image.databases().liveRegions()))
        .setReplicas(ReplicaViews.of(image, health));
  }

  private static NodeStatus status(ClusterImage image, int id, NodeStatus seen) {
    return image.nodes().removing().contains(id) ? NodeStatus.REMOVING : seen;
  }

  private List<NodeState> configNodes(ClusterImage image, NodeHealth health) throws IOException {
    Map<Integer, Long> silenceMs = group.followerSilenceMs();
    int leader = group.leaderNodeId().orElse(-1);
    List<NodeState> states = new ArrayList<>();
    for (int id : image.nodes().configNodes().keySet()) {
      boolean leads = id == leader;
      boolean heard = leads || health.recent(silenceMs.getOrDefault(id, Long.MAX_VALUE));
      states.add(
          new NodeState(
              id,
              status(image, id, heard ? NodeStatus.RUNNING : NodeStatus.UNKNOWN),
              leads ? "Leader" : "Follower"));
    }
    return states;
  }

  private static List<NodeState> dataNodes(ClusterImage image, NodeHealth health) {
    List<NodeState> states = new ArrayList<>();
    for (int id : image.nodes().dataNodes().keySet()) {
      int regions = 0;
      for (Region region : image.databases().liveRegions()) {
        regions += region.replicas().contains(id) ? 1 : 0;
      }
      states.add(
          new NodeState(id, status(image, id, health.status(id)), "").setDataRegions(regions));
    }
    return states;
  }
}
