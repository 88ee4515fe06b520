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
import io.sluice.confignode.core.RegionCommand;
import io.sluice.confignode.core.StaleReplica;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
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
  private final Map<Errand, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final Set<StaleReplica> staleUnderWay = ConcurrentHashMap.newKeySet();
  private final Set<Errand> troubled = ConcurrentHashMap.newKeySet();

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

  /**
   * Asks every node that is up and has something of {@code which} to make or remove. Completes when
   * each of them was asked once, by this call or one before that is still under way.
   */
  CompletableFuture<Void> tick(Predicate<Region> which) {
    ClusterImage now = image.get();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (Region region : now.databases().unfinishedRegions()) {
      for (int nodeId : region.unconfirmed()) {
        DataNodeMember node = now.nodes().dataNodes().get(nodeId);
        boolean up = node != null && health.status(nodeId) != NodeStatus.UNKNOWN;
        if (up && which.test(region)) {
          asked.add(ask(region.id(), node));
        }
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  /** Has replicas deleted that take part no more. Does not wait. */
  void tickStale() {
    for (StaleReplica stale : image.get().databases().stale()) {
      DataNodeMember node = image.get().nodes().dataNodes().get(stale.dataNode());
      boolean up = node != null && health.status(node.id()) != NodeStatus.UNKNOWN;
      if (up && staleUnderWay.add(stale)) {
        executor.execute(() -> delete(stale, node));
      }
    }
  }

  private void delete(StaleReplica stale, DataNodeMember node) {
    Optional<CallFailure> failure;
    try {
      Status answer = calls.operate(node, client -> client.deleteRegion(stale.region().toString()));
      failure = CallFailure.of(node, answer);
    } catch (TException e) {
      failure = Optional.of(CallFailure.of(node, e));
    }
    if (failure.isPresent()) {
      LOG.warn("former replica of {} is not deleted yet: {}", stale, failure.get().text());
      staleUnderWay.remove(stale);
    } else {
      decider
          .apply(new RegionCommand.ConfirmStale(stale))
          .whenComplete((done, error) -> staleUnderWay.remove(stale));
    }
  }

  private CompletableFuture<Void> ask(int regionId, DataNodeMember node) {
    Errand errand = new Errand(regionId, node.id());
    var fresh = new CompletableFuture<Void>();
    var before = underWay.putIfAbsent(errand, fresh);
    if (before != null) {
      return before;
    }
    CompletableFuture.supplyAsync(() -> confirmation(errand, node), executor)
        .thenCompose(
            confirmation -> confirmation.map(this::confirm).orElseGet(RegionKeeper::nothing))
        .whenComplete(
            (done, error) -> {
              underWay.remove(errand);
              fresh.complete(null);
            });
    return fresh;
  }

  /** Reads the image again: only here it is sure that no other errand to this node is under way. */
  private Optional<DatabaseCommand.ConfirmRegion> confirmation(Errand errand, DataNodeMember node) {
    ClusterImage now = image.get();
    Region region = now.databases().regions().get(errand.region());
    if (region == null || !region.unconfirmed().contains(node.id())) {
      return Optional.empty();
    }
    Optional<CallFailure> failure = call(now, region, node);
    if (failure.isPresent()) {
      report(region, errand, failure.get());
      return Optional.empty();
    }
    troubled.remove(errand);
    return Optional.of(new DatabaseCommand.ConfirmRegion(region.id(), node.id(), region.phase()));
  }

  private Optional<CallFailure> call(ClusterImage now, Region region, DataNodeMember node) {
    boolean making = region.phase() != Region.Phase.DRAINING;
    try {
      Status answer =
          calls.operate(
              node, client -> making ? make(client, now, region) : remove(client, region));
      return CallFailure.of(node, answer);
    } catch (TException e) {
      return Optional.of(CallFailure.of(node, e));
    }
  }

  private static Status make(DataNodeService.Client client, ClusterImage now, Region region)
      throws TException {
    return client.createRegion(new CreateRegionReq(Views.region(region), Views.peers(now, region)));
  }

  private static Status remove(DataNodeService.Client client, Region region) throws TException {
    return client.deleteRegion(region.uuid().toString());
  }

  private CompletableFuture<Void> confirm(DatabaseCommand.ConfirmRegion confirmation) {
    return decider
        .apply(confirmation)
        .handle(
            (done, error) -> {
              if (error != null) {
                LOG.debug("{} comes later", confirmation, error);
              }
              return null;
            });
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  /** Once, not with every try. */
  private void report(Region region, Errand errand, CallFailure why) {
    if (troubled.add(errand)) {
      LOG.warn(
          "region {} of {} was not {} yet, to be tried again: {}",
          region.id(),
          region.database(),
          region.phase() != Region.Phase.DRAINING ? "made" : "removed",
          why.text());
    }
  }
}
