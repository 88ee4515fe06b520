package io.sluice.confignode;

import io.sluice.common.config.HostPort;
import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.metrics.MetricsEndpoint;
import io.sluice.common.net.PortCheck;
import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.node.NodeFault;
import io.sluice.common.node.NodeRole;
import io.sluice.common.node.NodeStartException;
import io.sluice.common.node.Reconfiguration;
import io.sluice.confignode.ConfigNodeOptions.Tuning;
import io.sluice.confignode.core.Address;
import java.io.IOException;
import java.util.List;

/** A ConfigNode as the settings describe it. */
public final class ConfigNodeRole implements NodeRole {
  @Override
  public String name() {
    return "confignode";
  }

  @Override
  public AutoCloseable start(Settings settings, Reconfiguration reconfiguration, NodeFault fault)
      throws NodeStartException {
    MetricsEndpoint metrics = null;
    boolean started = false;
    try {
      for (var port :
          List.of(
              Parameters.CN_INTERNAL_PORT,
              Parameters.CN_CONSENSUS_PORT,
              Parameters.CN_METRICS_PORT)) {
        PortCheck.requireFree(settings, Parameters.CN_INTERNAL_ADDRESS, port);
      }
      metrics =
          new MetricsEndpoint(
              settings.get(Parameters.CN_INTERNAL_ADDRESS),
              settings.get(Parameters.CN_METRICS_PORT));
      ConfigNode node = new ConfigNode(options(settings), metrics.registry());
      node.whenRefused(fault::end);
      node.configuredBy(NodeConfiguration.of(reconfiguration));
      node.start();
      started = true;
      return new Running(node, metrics);
    } catch (IOException e) {
      throw new NodeStartException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("told to stop while starting", e);
    } finally {
      if (!started && metrics != null) {
        metrics.close();
      }
    }
  }

  private static ConfigNodeOptions options(Settings settings) {
    return new ConfigNodeOptions(
        settings.folder(Parameters.CN_SYSTEM_DIR),
        settings.get(Parameters.CLUSTER_NAME),
        settings.get(Parameters.CN_INTERNAL_ADDRESS),
        settings.get(Parameters.CN_INTERNAL_PORT),
        settings.get(Parameters.CN_CONSENSUS_PORT),
        addresses(settings.get(Parameters.CN_TARGETS)),
        settings.get(Parameters.SERIES_SLOT_NUM),
        settings.get(Parameters.DATA_REPLICATION_FACTOR),
        settings.get(Parameters.DISK_FREE_MIN),
        Tuning.DEFAULT.withHeartbeats(
            settings.get(Parameters.HEARTBEAT_INTERVAL_MS),
            settings.get(Parameters.UNKNOWN_AFTER_MS)));
  }

  private static List<Address> addresses(List<HostPort> endpoints) {
    return endpoints.stream().map(each -> new Address(each.host(), each.port())).toList();
  }

  private record Running(ConfigNode node, MetricsEndpoint metrics) implements AutoCloseable {
    @Override
    public void close() {
      node.close();
      metrics.close();
    }
  }
}
