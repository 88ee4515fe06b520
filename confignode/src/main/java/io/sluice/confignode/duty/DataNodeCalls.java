package io.sluice.confignode.duty;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.confignode.core.DataNodeMember;
import org.apache.thrift.TException;

/**
 * The way to the DataNodes' internal services; every call is bounded in time. Thread-safe.
 *
 * <p>Operations use a connection of their own, so that a refused connection is reported as that and
 * a hanging node costs one time-out.
 */
public final class DataNodeCalls implements AutoCloseable {
  private final InternalClients<DataNodeService.Client> heartbeats;
  private final InternalClients<DataNodeService.Client> operations;
  private final InternalClients<DataNodeService.Client> changes;

  /** A newcomer that has not caught up by then is waited for by the next call. */
  private static final int CHANGE_MS_MAX = 60_000;

  /**
   * @param heartbeatTimeoutMs for connecting and for the answer to a heartbeat
   * @param operationTimeoutMs the same for everything else
   */
  public DataNodeCalls(int heartbeatTimeoutMs, int operationTimeoutMs) {
    var factory = new DataNodeService.Client.Factory();
    this.heartbeats = new InternalClients<>(factory, heartbeatTimeoutMs, heartbeatTimeoutMs);
    this.operations = new InternalClients<>(factory, operationTimeoutMs, operationTimeoutMs);
    this.changes = new InternalClients<>(factory, operationTimeoutMs, CHANGE_MS_MAX);
  }

  /** On a connection that is kept. */
  public <T> T heartbeat(DataNodeMember node, InternalClients.Call<DataNodeService.Client, T> call)
      throws TException {
    return heartbeats.call(endpoint(node), call);
  }

  public <T> T operate(DataNodeMember node, InternalClients.Call<DataNodeService.Client, T> call)
      throws TException {
    return operations.callFresh(endpoint(node), call);
  }

  /** As short as a heartbeat, on a connection of its own. */
  public <T> T probe(DataNodeMember node, InternalClients.Call<DataNodeService.Client, T> call)
      throws TException {
    return heartbeats.callFresh(endpoint(node), call);
  }

  /** For what waits at the DataNode: a region's members change once new ones have caught up. */
  public <T> T change(DataNodeMember node, InternalClients.Call<DataNodeService.Client, T> call)
      throws TException {
    return changes.callFresh(endpoint(node), call);
  }

  private static Endpoint endpoint(DataNodeMember node) {
    return new Endpoint(node.internal().host(), node.internal().port());
  }

  @Override
  public void close() {
    heartbeats.close();
    operations.close();
    changes.close();
  }
}
