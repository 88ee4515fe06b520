package io.sluice.sim.sync;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.Point.Place;
import io.sluice.sim.sync.ReceivingRegion.Scheme;
import io.sluice.sim.sync.TargetAccess.Proposal;
import io.sluice.sim.sync.disk.SimFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The receiver: two DataNodes, and one database of three regions that live wherever. */
final class ReceivingCluster {
  static final int TARGETS = 3;
  private static final int NODES = 2;

  final SimWorld<SyncFault> world;
  final SyncTruth truth;

  /** Also the one it was made with anew. */
  UUID id;

  final List<ReceivingNode> nodes = new ArrayList<>();
  private final Scheme scheme;
  private final List<ReceivingRegion> regions = new ArrayList<>();

  /** When each region has a leader again. */
  private final Map<UUID, Long> awayUntilMs = new HashMap<>();

  /** At whichever replica; one that has not fetches it from another. */
  private final Map<String, SimFile> staged = new HashMap<>();

  private List<ReceivingRegion> copies;
  private long proposals;

  ReceivingCluster(SimWorld<SyncFault> world, SyncTruth truth, Scheme scheme) {
    this.world = world;
    this.truth = truth;
    this.scheme = scheme;
    this.id = newId();
    dropTargets();
    for (int i = 0; i < NODES; i++) {
      nodes.add(new ReceivingNode(this, i));
    }
  }

  private UUID newId() {
    return new UUID(world.random.nextLong(), world.random.nextLong());
  }

  /** The database is dropped, and made anew: other regions. */
  void dropTargets() {
    regions.clear();
    for (int i = 0; i < TARGETS; i++) {
      regions.add(new ReceivingRegion(newId(), scheme));
    }
    copies = null;
  }

  /** Its folders are gone: ConfigNodes and DataNodes begin anew, at the same addresses. */
  void beginAnew() {
    id = newId();
    dropTargets();
    nodes.forEach(ReceivingNode::crash);
  }

  /** Clients of the receiver have series of other types, here and there. */
  void makeContrary() {
    for (int series = 0; series < Point.SERIES; series++) {
      if (world.random.nextInt(3) == 0) {
        regions.get(series % TARGETS).makeContrary(series);
      }
    }
  }

  void mend(int series) {
    if (regions.get(series % TARGETS).mend(series)) {
      world.count(SyncFault.SERIES_MENDED);
    }
  }

  ReceivingNode node(Frame.Address address) {
    return nodes.stream().filter(one -> one.address.equals(address)).findFirst().orElseThrow();
  }

  List<UUID> targets() {
    return regions.stream().map(region -> region.id).toList();
  }

  UUID targetOf(int series) {
    return regions.get(series % TARGETS).id;
  }

  // ---------------------------------------------------------------- leaders

  void changeLeader() {
    world.count(SyncFault.RECEIVER_LEADER_CHANGE);
    UUID region = regions.get(world.random.nextInt(TARGETS)).id;
    awayUntilMs.put(region, world.nowMs() + world.between(50, 5_000));
  }

  /** The region at its leader. */
  ReceivingRegion reach(UUID region) throws StatusException {
    if (away(region)) {
      world.count(SyncFault.TARGET_AWAY);
      throw new StatusException(StatusCode.PIPE_ERROR, "no leader");
    }
    return regions.stream()
        .filter(one -> one.id.equals(region))
        .findFirst()
        .orElseThrow(() -> new StatusException(StatusCode.PIPE_ERROR, "no such region"));
  }

  private boolean away(UUID region) {
    return !world.calm && world.nowMs() < awayUntilMs.getOrDefault(region, 0L);
  }

  void stage(UUID region, String name, SimFile file) throws StatusException {
    reach(region);
    staged.put(region + name, file);
  }

  Proposal propose(UUID region, LogEntry entry) {
    return new Proposal(this, region, entry, ++proposals, truth.age());
  }

  ApplyResult apply(Proposal proposal) {
    ReceivingRegion region;
    try {
      region = reach(proposal.region());
    } catch (StatusException e) {
      return new Unavailable(e.code(), e.getMessage());
    }
    if (proposal.number() < region.newestApplied) {
      world.count(SyncFault.PROPOSALS_REORDERED);
    }
    region.newestApplied = Math.max(region.newestApplied, proposal.number());
    var before = region.image().ledgers();
    SimFile file =
        proposal.entry() instanceof LogEntry.LoadFile load
            ? staged.get(region.id + load.stagedName())
            : null;
    ApplyResult result = region.apply(proposal.entry(), file);
    world.trace(() -> "apply " + proposal.number() + " " + proposal.entry() + ": " + result);
    if (proposal.entry() instanceof LogEntry.WriteLedger write
        && result instanceof ApplyResult.Applied) {
      truth.ledger(region, before.get(write.ledger().source()), proposal.age());
    } else {
      if (result instanceof ApplyResult.Applied && proposal.age() < truth.age()) {
        truth.stepsBack();
      }
      truth.applied(region);
    }
    return result;
  }

  // ---------------------------------------------------------------- copies

  /** Of all regions, as of now. */
  void backUp() {
    copies = regions.stream().map(ReceivingRegion::copy).toList();
  }

  /** All machines stop, some regions are put back, all start again. */
  boolean restore() {
    if (copies == null) {
      return false;
    }
    for (int i = 0; i < TARGETS; i++) {
      if (world.random.nextBoolean()) {
        regions.set(i, copies.get(i).copy());
      }
    }
    nodes.forEach(ReceivingNode::crash);
    return true;
  }

  // ---------------------------------------------------------------- for the truth

  Map<Place, Long> visible() {
    Map<Place, Long> all = new TreeMap<>();
    regions.forEach(region -> all.putAll(region.visible()));
    return all;
  }

  List<ReceivingRegion> regions() {
    return regions;
  }
}
