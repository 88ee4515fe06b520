package io.sluice.datanode;

import io.sluice.common.rpc.Endpoint;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ConfigurationReload;

/** LOAD CONFIGURATION ON LOCAL: a refusal names this node as one of the cluster would. */
record NamedReload(ConfigurationReload files, int nodeId, Endpoint internal)
    implements ConfigurationReload {
  @Override
  public void reload() throws StatusException {
    try {
      files.reload();
    } catch (StatusException e) {
      throw new StatusException(
          e.code(),
          "Fail to load configuration because %s on DataNode: {id=%d, internalEndPoint=TEndPoint(ip:%s, port:%d)}."
              .formatted(e.getMessage(), nodeId, internal.getHost(), internal.getPort()),
          e);
    }
  }
}
