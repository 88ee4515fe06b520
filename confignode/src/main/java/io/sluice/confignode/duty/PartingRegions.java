package io.sluice.confignode.duty;

import io.sluice.common.rpc.PartRegionResp;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Parting;
import io.sluice.confignode.core.PartingCommand;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.core.ReplicaSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Regions of dropped databases that pipes have still to ship: has the drop written into each one's
 * log by its leader, asks there which pipes are through, and records it; the last one lets the
 * region go. Nothing is kept here that the image does not have. One call is under way per region.
 */
final class PartingRegions {
  private static final Logger LOG = LoggerFactory.getLogger(PartingRegions.class);

  private final Supplier<ClusterImage> image;
  private final DataNodeCalls calls;
  private final NodeHealth health;
  private final Function<Command, CompletableFuture<?>> decider;
  private final Executor executor;
  private final Map<Integer, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final Map<Integer, String> troubles = new ConcurrentHashMap<>();

  PartingRegions(
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
   * Asks the leaders of those of {@code which}. Completes when each was asked once, by this call or
   * one before that is still under way; never exceptionally.
   */
  CompletableFuture<Void> tick(Predicate<Region> which) {
    ClusterImage now = image.get();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (Parting parting : now.databases().partings().values()) {
      if (which.test(now.databases().regions().get(parting.regionId()))) {
        asked.add(ask(parting.regionId()));
      }
    }
    troubles.keySet().retainAll(now.databases().partings().keySet());
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> ask(int regionId) {
    var fresh = new CompletableFuture<Void>();
    var before = underWay.putIfAbsent(regionId, fresh);
    if (before != null) {
      return before;
    }
    CompletableFuture.supplyAsync(() -> passed(regionId), executor)
        .thenCompose(passed -> record(new PartingCommand.Passed(regionId, passed)))
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOG.debug("region {} is asked about again", regionId, error);
              }
              underWay.remove(regionId);
              fresh.complete(null);
            });
    return fresh;
  }

  /** Pipes that are dropped are through without any DataNode: it may be long gone. */
  private CompletableFuture<?> record(PartingCommand.Passed passed) {
    return passed.decide(image.get(), 0).isEmpty()
        ? CompletableFuture.completedFuture(null)
        : decider.apply(passed);
  }

  private List<Long> passed(int regionId) {
    ClusterImage now = image.get();
    Region region = now.databases().regions().get(regionId);
    if (region == null || !now.databases().partings().containsKey(regionId)) {
      return List.of();
    }
    Optional<DataNodeMember> leader =
        ReplicaSeen.leader(health.replicas(region))
            .map(seen -> now.nodes().dataNodes().get(seen.dataNode()));
    if (leader.isEmpty()) {
      trouble(region, "no replica leads");
      return List.of();
    }
    try {
      PartRegionResp answer =
          calls.operate(leader.get(), client -> client.partRegion(region.uuid().toString()));
      Optional<CallFailure> failure = CallFailure.of(leader.get(), answer.getStatus());
      if (failure.isPresent()) {
        trouble(region, failure.get().text());
        return List.of();
      }
      troubles.remove(regionId);
      return answer.getPassedPipes();
    } catch (TException e) {
      trouble(region, CallFailure.of(leader.get(), e).text());
      return List.of();
    }
  }

  /** Once for each cause, not with every try. */
  private void trouble(Region region, String why) {
    if (!why.equals(troubles.put(region.id(), why))) {
      LOG.warn(
          "region {} of the dropped {} is kept for its pipes, and cannot be asked how far they are:"
              + " {}; tried again until it can",
          region.id(),
          region.database(),
          why);
    }
  }
}
