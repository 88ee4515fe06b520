package io.sluice.confignode.duty;

import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.view.Views;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every DataNode how it is, one question under way to each, and sends the whole pipe table to
 * one whose table is behind. {@link #tick()} is called each interval and whenever something changed
 * that a node should hear of soon.
 */
final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final Supplier<ClusterImage> image;
  private final DataNodeCalls calls;
  private final NodeHealth health;
  private final WallClock wallClock;
  private final Executor executor;
  private final Set<Integer> underWay = ConcurrentHashMap.newKeySet();
  private final Set<Integer> silent = ConcurrentHashMap.newKeySet();

  Heartbeats(
      Supplier<ClusterImage> image,
      DataNodeCalls calls,
      NodeHealth health,
      WallClock wallClock,
      Executor executor) {
    this.image = image;
    this.calls = calls;
    this.health = health;
    this.wallClock = wallClock;
    this.executor = executor;
  }

  /**
   * Completes when each DataNode asked now has answered or failed to; one that has not answered the
   * question before is not asked again.
   */
  CompletableFuture<Void> tick() {
    ClusterImage now = image.get();
    return CompletableFuture.allOf(
        now.nodes().dataNodes().values().stream()
            .filter(node -> underWay.add(node.id()))
            .map(node -> CompletableFuture.runAsync(() -> ask(node), executor))
            .toArray(CompletableFuture[]::new));
  }

  private void ask(DataNodeMember node) {
    try {
      ClusterImage now = image.get();
      HeartbeatReq question = Views.heartbeat(now, wallClock.nowMs());
      HeartbeatResp answer = calls.heartbeat(node, client -> client.heartbeat(question));
      if (answer.getStatus().getCode() != StatusCode.SUCCESS || answer.getNodeId() != node.id()) {
        failed(node, "it answered as node " + answer.getNodeId() + ": " + answer.getStatus());
        return;
      }
      health.answered(node.id(), answer);
      if (silent.remove(node.id())) {
        LOG.info("DataNode {} at {} answers again", node.id(), node.internal());
      }
      if (answer.getPipeTableVersion() < now.pipes().version()) {
        sendTable(node);
      }
    } catch (TException e) {
      failed(node, CallFailure.of(node, e).cause());
    } finally {
      underWay.remove(node.id());
    }
  }

  private void sendTable(DataNodeMember node) throws TException {
    PipeTable table = Views.pipeTable(image.get());
    Status status = calls.operate(node, client -> client.replacePipeTable(table));
    if (status.getCode() != StatusCode.SUCCESS) {
      LOG.warn(
          "DataNode {} refused version {} of the pipe table: {}",
          node.id(),
          table.getVersion(),
          status.getMessage());
    }
  }

  private void failed(DataNodeMember node, String cause) {
    if (silent.add(node.id())) {
      LOG.info("DataNode {} at {} does not answer: {}", node.id(), node.internal(), cause);
    }
  }
}
