package io.sluice.confignode.duty;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.core.RegionChange;
import io.sluice.confignode.core.RegionCommand;
import io.sluice.confignode.core.RegionSteps;
import io.sluice.confignode.core.RegionSteps.Action;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries changes of regions' replicas to the DataNodes, step after step, and keeps regions at rest
 * as they are to be: members at their addresses, leaders where they are preferred. One call is
 * under way per region. Where a change stands is in the image; this only moves it on.
 */
final class RegionChanges {
  private static final Logger LOG = LoggerFactory.getLogger(RegionChanges.class);

  private final Supplier<ClusterImage> image;
  private final DataNodeCalls calls;
  private final NodeHealth health;
  private final Decisions decisions;
  private final Executor executor;
  private final MonotonicClock clock;
  private final long leadPauseMs;
  private final Set<Integer> underWay = ConcurrentHashMap.newKeySet();
  private final Map<Integer, String> troubles = new ConcurrentHashMap<>();
  private final Map<Integer, Long> leadMovedAtMs = new ConcurrentHashMap<>();

  /**
   * @param leadPauseMs between two tries to give a region's lead to the preferred replica
   */
  RegionChanges(
      Supplier<ClusterImage> image,
      DataNodeCalls calls,
      NodeHealth health,
      Decisions decisions,
      Executor executor,
      MonotonicClock clock,
      long leadPauseMs) {
    this.image = image;
    this.calls = calls;
    this.health = health;
    this.decisions = decisions;
    this.executor = executor;
    this.clock = clock;
    this.leadPauseMs = leadPauseMs;
  }

  /** What the leader knows of the DataNodes now, for a command. */
  RegionCommand.Nodes known() {
    ClusterImage now = image.get();
    return new RegionCommand.Nodes(
        Set.copyOf(health.running(now.nodes().stayingDataNodes())),
        health.up(now.nodes().dataNodes().keySet()));
  }

  /**
   * Whether a call about this region may be under way: a removal now could be overtaken by the
   * making of a replica.
   */
  boolean busy(int regionId) {
    return underWay.contains(regionId);
  }

  /** Does not wait for DataNodes. */
  void tick() {
    ClusterImage now = image.get();
    for (RegionChange change : now.databases().changes().values()) {
      post(change.regionId(), () -> carryOn(change.regionId()));
    }
    for (Region region : now.databases().hostedRegions()) {
      if (!now.databases().changes().containsKey(region.id())) {
        Action action = atRest(now, region);
        if (action instanceof Action.Rest) {
          troubles.remove(region.id());
        } else {
          post(region.id(), () -> settle(region.id()));
        }
      }
    }
  }

  private void post(int region, Work work) {
    if (underWay.add(region)) {
      executor.execute(
          () -> {
            try {
              work.run();
            } catch (NotLeadingException e) {
              LOG.debug("region {} is left to the next leader", region, e);
            } catch (StatusException e) {
              trouble(region, e.getMessage());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
              LOG.error("region {} cannot be moved, which is a fault of this program", region, e);
            } finally {
              underWay.remove(region);
            }
          });
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws StatusException, NotLeadingException, InterruptedException;
  }

  /** Step after step, until one cannot be done now. */
  private void carryOn(int regionId)
      throws StatusException, NotLeadingException, InterruptedException {
    while (true) {
      ClusterImage now = image.get();
      RegionChange change = now.databases().changes().get(regionId);
      if (change == null) {
        return;
      }
      Region region = now.databases().regions().get(regionId);
      Action action = RegionSteps.next(region, change, health.replicas(region));
      Optional<String> failure = carryOut(now, region, action);
      if (failure.isPresent()) {
        trouble(regionId, change.text() + " waits: " + failure.get());
        return;
      }
      troubles.remove(regionId);
      if (action instanceof Action.TransferLeader) {
        // The next heartbeats tell who leads now.
        return;
      }
      decisions.decide(new RegionCommand.Advance(change));
      LOG.info("{}: {} is done", change.text(), change.step());
    }
  }

  private Action atRest(ClusterImage now, Region region) {
    Set<Integer> running = health.fresh(now.nodes().stayingDataNodes());
    Action action = RegionSteps.atRest(now.nodes(), region, health.replicas(region), running);
    boolean calm =
        action instanceof Action.TransferLeader
            && clock.nowMs() - leadMovedAtMs.getOrDefault(region.id(), -leadPauseMs) < leadPauseMs;
    return calm ? new Action.Rest() : action;
  }

  private void settle(int regionId) {
    ClusterImage now = image.get();
    Region region = now.databases().regions().get(regionId);
    if (region == null || now.databases().changes().containsKey(regionId)) {
      return;
    }
    Action action = atRest(now, region);
    if (action instanceof Action.TransferLeader) {
      leadMovedAtMs.put(regionId, clock.nowMs());
    }
    Optional<String> failure = carryOut(now, region, action);
    failure.ifPresent(why -> trouble(regionId, why));
    if (failure.isEmpty() && !(action instanceof Action.Rest)) {
      LOG.info("region {}: {}", regionId, action);
    }
  }

  /** Why it did not succeed; empty when it did. */
  private Optional<String> carryOut(ClusterImage now, Region region, Action action) {
    if (action instanceof Action.Create create) {
      CreateRegionReq request =
          new CreateRegionReq(Views.region(region), Views.peers(now, region)).setJoins(true);
      return call(now, create.node(), client -> client.createRegion(request));
    } else if (action instanceof Action.ChangeMembers change) {
      ChangeRegionMembersReq request =
          new ChangeRegionMembersReq(region.uuid().toString(), peers(now, change.members()));
      return call(now, change.leader(), client -> client.changeRegionMembers(request));
    } else if (action instanceof Action.TransferLeader transfer) {
      return call(
          now,
          transfer.leader(),
          client -> client.transferRegionLeader(region.uuid().toString(), transfer.to()));
    } else if (action instanceof Action.Wait wait) {
      return Optional.of(wait.why());
    }
    return Optional.empty();
  }

  private static List<RegionPeer> peers(ClusterImage now, SortedSet<Integer> members) {
    List<RegionPeer> peers = new ArrayList<>();
    for (int id : members) {
      DataNodeMember node = now.nodes().dataNodes().get(id);
      peers.add(new RegionPeer(id, Views.endpoint(node.regionRaft())));
    }
    return peers;
  }

  private Optional<String> call(
      ClusterImage now, int nodeId, InternalClients.Call<DataNodeService.Client, Status> call) {
    DataNodeMember node = now.nodes().dataNodes().get(nodeId);
    try {
      return CallFailure.of(node, calls.change(node, call)).map(CallFailure::text);
    } catch (TException e) {
      return Optional.of(CallFailure.of(node, e).text());
    }
  }

  /** Once for each cause, not with every try. */
  private void trouble(int regionId, String why) {
    if (!why.equals(troubles.put(regionId, why))) {
      LOG.warn("region {}: {}; tried again until it succeeds", regionId, why);
    }
  }

  /** Regions that cannot be moved or settled now. */
  SortedSet<Integer> troubled() {
    return new TreeSet<>(troubles.keySet());
  }
}
