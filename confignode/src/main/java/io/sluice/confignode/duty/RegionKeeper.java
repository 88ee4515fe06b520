package io.sluice.confignode.duty;

import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.DatabaseCommand;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has regions made and removed on their DataNodes until each node has confirmed. One call is under
 * way per region and node, so a removal never overtakes the making.
 */
final class RegionKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(RegionKeeper.class);

  private final Supplier<ClusterImage> image;
  private final DataNodeCalls calls;
  private final NodeHealth health;
  private final Function<Command, CompletableFuture<?>> decider;
  private final Executor executor;
  private final Set<Errand> underWay = ConcurrentHashMap.newKeySet();

  private record Errand(int region, int node) {}

  RegionKeeper(
      Supplier<ClusterImage> image,
      DataNodeCalls calls,
      NodeHealth health,
      Function<Command, CompletableFuture<?>> decider,
      Executor executor) {
    this.image = image;
    this.calls = calls;
    this.health = health;
    this.decider = decider;
    this.executor = executor;
  }

  /** Completes when every node that is up and has something to make or remove was asked once. */
  CompletableFuture<Void> tick() {
    ClusterImage now = image.get();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (Region region : now.databases().unfinishedRegions()) {
      for (int nodeId : region.unconfirmed()) {
        Errand errand = new Errand(region.id(), nodeId);
        DataNodeMember node = now.nodes().dataNodes().get(nodeId);
        boolean up = node != null && health.status(nodeId) != NodeStatus.UNKNOWN;
        if (up && underWay.add(errand)) {
          asked.add(
              CompletableFuture.supplyAsync(() -> ask(now, region, node), executor)
                  .thenCompose(done -> done ? confirm(region, nodeId) : nothing())
                  .whenComplete((done, error) -> underWay.remove(errand)));
        }
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  private boolean ask(ClusterImage now, Region region, DataNodeMember node) {
    boolean making = region.phase() == Region.Phase.LIVE;
    try {
      Status answer =
          calls.operate(
              node, client -> making ? make(client, now, region) : remove(client, region));
      Optional<CallFailure> failure = CallFailure.of(node, answer);
      failure.ifPresent(why -> report(region, making, why));
      return failure.isEmpty();
    } catch (TException e) {
      report(region, making, CallFailure.of(node, e));
      return false;
    }
  }

  private static Status make(DataNodeService.Client client, ClusterImage now, Region region)
      throws TException {
    return client.createRegion(new CreateRegionReq(Views.region(region), Views.peers(now, region)));
  }

  private static Status remove(DataNodeService.Client client, Region region) throws TException {
    return client.deleteRegion(region.uuid().toString());
  }

  private CompletableFuture<Void> confirm(Region region, int node) {
    return decider
        .apply(new DatabaseCommand.ConfirmRegion(region.id(), node, region.phase()))
        .handle(
            (done, error) -> {
              if (error != null) {
                LOG.debug("region {} will be confirmed later", region.id(), error);
              }
              return null;
            });
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  private static void report(Region region, boolean making, CallFailure why) {
    LOG.warn(
        "region {} of {} was not {} yet, to be tried again: {}",
        region.id(),
        region.database(),
        making ? "made" : "removed",
        why.text());
  }
}
