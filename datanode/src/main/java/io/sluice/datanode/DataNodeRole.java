package io.sluice.datanode;

import io.sluice.common.config.Settings;
import io.sluice.common.node.NodeFault;
import io.sluice.common.node.NodeRole;
import io.sluice.common.node.NodeStartException;
import io.sluice.common.node.Reconfiguration;
import io.sluice.common.status.StatusException;
import java.io.IOException;

/** A DataNode as the settings describe it. */
public final class DataNodeRole implements NodeRole {
  @Override
  public String name() {
    return "datanode";
  }

  @Override
  public AutoCloseable start(Settings settings, Reconfiguration reconfiguration, NodeFault fault)
      throws NodeStartException {
    try {
      return DataNode.start(settings, reconfiguration, fault);
    } catch (IOException | StatusException e) {
      throw new NodeStartException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("told to stop while starting", e);
    }
  }
}
