package io.sluice.confignode;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.duty.LeaderDuties;
import io.sluice.confignode.duty.NodeHealth;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.service.ReplicaViews;
import java.util.Locale;
import java.util.function.ToLongBiFunction;

/** What a ConfigNode shows of itself and, while it leads, of the cluster. */
final class ConfigNodeMeters {
  private ConfigNodeMeters() {}

  static void register(MeterRegistry registry, MetadataGroup group, Leading leading) {
    Gauge.builder("sluice.metadata.leads", () -> leading.duties().isPresent() ? 1 : 0)
        .description("1 while this ConfigNode leads")
        .register(registry);
    Gauge.builder("sluice.metadata.revision", () -> group.image().revision())
        .description("log entries that took effect, as replayed here")
        .register(registry);
    Gauge.builder("sluice.pipe.busy", () -> leading.duties().map(LeaderDuties::pipesBusy).orElse(0))
        .description("pipes with a statement under way or waiting; 0 on those that do not lead")
        .register(registry);
    for (NodeStatus status : NodeStatus.values()) {
      Gauge.builder("sluice.cluster.datanodes", () -> dataNodes(group, leading, status))
          .description("DataNodes by status, as the leader sees them; 0 on others")
          .tag("status", status.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder(
            "sluice.cluster.regions.without.leader",
            () -> asLeader(group, leading, ReplicaViews::withoutLeader))
        .description("regions that no replica leads, as the leader sees them; 0 on others")
        .register(registry);
    Gauge.builder(
            "sluice.cluster.replicas.down", () -> asLeader(group, leading, ReplicaViews::down))
        .description("replicas that take no part, as the leader sees them; 0 on others")
        .register(registry);
    Gauge.builder("sluice.cluster.region.changes", () -> group.image().databases().changes().size())
        .description("regions whose replicas are being changed")
        .register(registry);
    for (Pipe.Status status : Pipe.Status.values()) {
      Gauge.builder("sluice.cluster.pipes", () -> pipes(group, status))
          .description("pipes by status")
          .tag("status", status.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static long dataNodes(MetadataGroup group, Leading leading, NodeStatus status) {
    return leading
        .duties()
        .map(
            duties ->
                group.image().nodes().dataNodes().keySet().stream()
                    .filter(node -> duties.health().status(node) == status)
                    .count())
        .orElse(0L);
  }

  private static long asLeader(
      MetadataGroup group, Leading leading, ToLongBiFunction<ClusterImage, NodeHealth> count) {
    return leading
        .duties()
        .map(duties -> count.applyAsLong(group.image(), duties.health()))
        .orElse(0L);
  }

  private static long pipes(MetadataGroup group, Pipe.Status status) {
    return group.image().pipes().pipes().values().stream()
        .filter(pipe -> pipe.status() == status)
        .count();
  }
}
