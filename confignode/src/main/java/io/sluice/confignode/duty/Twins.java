package io.sluice.confignode.duty;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.IdentityResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.view.Views;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a process started with a copy of a living node's folder. A node that says it listens
 * elsewhere than recorded is taken for moved only if none of its id answers where it was.
 */
public final class Twins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Twins.class);

  private final Supplier<ClusterImage> image;
  private final DataNodeCalls dataNodes;
  private final InternalClients<ConfigNodeService.Client> configNodes;
  private final NodeHealth health;
  private final WallClock wallClock;

  Twins(
      Supplier<ClusterImage> image,
      DataNodeCalls dataNodes,
      NodeHealth health,
      WallClock wallClock,
      int timeoutMs) {
    this.image = image;
    this.dataNodes = dataNodes;
    this.configNodes =
        new InternalClients<>(new ConfigNodeService.Client.Factory(), timeoutMs, timeoutMs);
    this.health = health;
    this.wallClock = wallClock;
  }

  /**
   * @param claimed as the process that registers describes itself
   * @param processId as it drew it; empty when it did not say
   * @throws StatusException when another process is that DataNode, and answers
   */
  public void check(DataNodeMember claimed, OptionalLong processId) throws StatusException {
    ClusterImage now = image.get();
    DataNodeMember known = now.nodes().dataNodes().get(claimed.id());
    if (known == null || known.internal().equals(claimed.internal())) {
      return;
    }
    HeartbeatReq question = Views.heartbeat(now, wallClock.nowMs());
    HeartbeatResp answer;
    try {
      answer = dataNodes.probe(known, client -> client.heartbeat(question));
    } catch (TException e) {
      LOG.info("DataNode {} moves from {} to {}", known.id(), known.internal(), claimed.internal());
      LOG.debug("how it did not answer there", e);
      health.forget(known.id());
      return;
    }
    boolean same =
        answer.isSetProcessId()
            && processId.isPresent()
            && answer.getProcessId() == processId.getAsLong();
    boolean itsId =
        answer.getStatus().getCode() == StatusCode.SUCCESS && answer.getNodeId() == claimed.id();
    if (itsId && !same) {
      throw twin("DataNode", claimed.id(), known.internal(), claimed.internal());
    }
  }

  /** The same for a ConfigNode. */
  public void check(ConfigNodeMember claimed, OptionalLong processId) throws StatusException {
    ConfigNodeMember known = image.get().nodes().configNodes().get(claimed.id());
    if (known == null || known.internal().equals(claimed.internal())) {
      return;
    }
    IdentityResp answer;
    try {
      answer = configNodes.callFresh(Views.endpoint(known.internal()), client -> client.identify());
    } catch (TException e) {
      LOG.info(
          "ConfigNode {} moves from {} to {}", known.id(), known.internal(), claimed.internal());
      LOG.debug("how it did not answer there", e);
      return;
    }
    boolean itsId =
        answer.getNodeId() == claimed.id()
            && answer.getClusterId().equals(Views.clusterId(image.get()));
    boolean same = processId.isPresent() && processId.getAsLong() == answer.getProcessId();
    if (itsId && !same) {
      throw twin("ConfigNode", claimed.id(), known.internal(), claimed.internal());
    }
  }

  private static StatusException twin(String kind, int id, Address known, Address claimed) {
    return new StatusException(
        StatusCode.ILLEGAL_PARAMETER,
        kind
            + " "
            + id
            + " runs at "
            + known
            + ", the process at "
            + claimed
            + " was started with a copy of its folder: stop one of them. A new node needs an empty"
            + " folder");
  }

  @Override
  public void close() {
    configNodes.close();
  }
}
