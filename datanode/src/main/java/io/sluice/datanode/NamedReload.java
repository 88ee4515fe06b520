package io.sluice.datanode;

import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.status.StatusException;
import java.util.List;

/** LOAD CONFIGURATION ON LOCAL: the answer names this node as one of the cluster would. */
record NamedReload(NodeConfiguration files, int nodeId, Endpoint internal)
    implements NodeConfiguration {
  @Override
  public List<String> reload() throws StatusException {
    try {
      return files.reload().stream().map(this::named).toList();
    } catch (StatusException e) {
      throw new StatusException(
          e.code(), "Fail to load configuration because " + named(e.getMessage()) + ".", e);
    }
  }

  private String named(String text) {
    return "%s on DataNode: {id=%d, internalEndPoint=TEndPoint(ip:%s, port:%d)}"
        .formatted(text, nodeId, internal.getHost(), internal.getPort());
  }
}
