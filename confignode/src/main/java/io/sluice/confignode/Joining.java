package io.sluice.confignode;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.RegisterConfigNodeReq;
import io.sluice.common.rpc.RegisterConfigNodeResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.MonotonicClock;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.view.Views;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers this ConfigNode at the leader, wherever that is. */
final class Joining implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final int CALL_MS_MAX = 15_000;
  private static final int PAUSE_MS = 500;

  private final InternalClients<ConfigNodeService.Client> clients =
      new InternalClients<>(new ConfigNodeService.Client.Factory(), CALL_MS_MAX, CALL_MS_MAX);
  private final MonotonicClock clock;

  Joining(MonotonicClock clock) {
    this.clock = clock;
  }

  record Joined(UUID clusterId, int nodeId) {}

  /**
   * Asks {@code nodes} and those they point to until one that leads answers.
   *
   * @param processId drawn when this process started
   * @throws RefusedException when the leader does not take this node
   * @throws IOException in one readable line: nobody led in time
   */
  Joined register(
      List<Address> nodes,
      String clusterName,
      ConfigNodeLocation self,
      UUID clusterId,
      long processId,
      long timeoutMs)
      throws IOException, InterruptedException {
    RegisterConfigNodeReq request =
        new RegisterConfigNodeReq(clusterName, self).setProcessId(processId);
    if (clusterId != null) {
      request.setClusterId(clusterId.toString());
    }
    long untilMs = clock.nowMs() + timeoutMs;
    String last = "none was asked";
    while (clock.nowMs() < untilMs) {
      Deque<Endpoint> toAsk = new ArrayDeque<>();
      nodes.forEach(node -> toAsk.add(Views.endpoint(node)));
      for (int asked = 0; !toAsk.isEmpty() && asked <= nodes.size(); asked++) {
        Endpoint node = toAsk.pop();
        try {
          RegisterConfigNodeResp answer =
              clients.callIdempotent(node, client -> client.registerConfigNode(request));
          int code = answer.getStatus().getCode();
          if (code == StatusCode.SUCCESS) {
            return new Joined(UUID.fromString(answer.getClusterId()), answer.getNodeId());
          } else if (code == StatusCode.ILLEGAL_PARAMETER) {
            throw new RefusedException(answer.getStatus().getMessage());
          } else if (answer.getStatus().isSetLeader()) {
            toAsk.push(answer.getStatus().getLeader());
          }
          last = answer.getStatus().getMessage();
        } catch (TException e) {
          last = node.getHost() + ":" + node.getPort() + ": " + e;
        }
      }
      LOG.debug("not registered yet: {}", last);
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
    throw new IOException(
        "no leading ConfigNode among " + nodes + " answered in " + timeoutMs + " ms: " + last);
  }

  @Override
  public void close() {
    clients.close();
  }
}
