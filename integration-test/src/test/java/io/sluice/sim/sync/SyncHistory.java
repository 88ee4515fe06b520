package io.sluice.sim.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.ReceivingRegion.Scheme;

/** One history of a region's way to another cluster, from one seed. */
final class SyncHistory {
  private static final long TROUBLE_MS = 20_000;

  /** What is on its way when all gets well is there by then. */
  private static final long LATE_MS = 25_000;

  private static final long QUIET_MS_MAX = 200_000;

  final SimWorld<SyncFault> world;
  final ReceivingCluster cloud;
  final SendingCluster edge;
  private final SyncTruth truth;

  /** Whether the receiver's own clients have series that are in the sender's way. */
  private final boolean contrary;

  SyncHistory(long seed, Scheme scheme, boolean traced) {
    this(seed, scheme, false, traced);
  }

  SyncHistory(long seed, Scheme scheme, boolean contrary, boolean traced) {
    this.contrary = contrary;
    this.world = new SimWorld<>(SyncFault.class, seed, traced);
    this.truth = new SyncTruth(scheme == Scheme.RECORD);
    this.cloud = new ReceivingCluster(world, truth, scheme);
    this.edge = new SendingCluster(world, truth, cloud);
    truth.begin(edge, cloud);
  }

  /** Ends with an AssertionError when something is not as it has to be. */
  void run() {
    world.after(1, this::rows);
    world.after(500, this::trouble);
    if (contrary) {
      cloud.makeContrary();
      world.after(1_000, this::people);
    }
    world.runUntil(TROUBLE_MS);
    world.calm = true;
    world.runUntil(TROUBLE_MS + LATE_MS);
    edge.start();
    if (contrary) {
      mendAll();
    }
    settle(world, edge);
    if (contrary) {
      edge.retry();
      settle(world, edge);
    }
    truth.checkAtRest();
  }

  /** Until everything is sent. */
  static void settle(SimWorld<SyncFault> world, SendingCluster edge) {
    long endMs = world.nowMs() + QUIET_MS_MAX;
    while (!edge.caughtUp() && world.nowMs() < endMs) {
      world.runUntil(world.nowMs() + 2_000);
    }
    assertThat(edge.caughtUp()).as("everything sent once all was well").isTrue();
  }

  private void rows() {
    if (world.calm) {
      return;
    }
    int what = world.random.nextInt(20);
    if (what < 14) {
      edge.write();
    } else if (what < 16) {
      edge.seal();
    } else if (what < 18) {
      edge.compact();
    } else if (what == 18) {
      edge.delete();
    }
    world.after(world.between(10, 700), this::rows);
  }

  /** Who look after what is refused, and those who are the cause of it. */
  private void people() {
    if (world.calm) {
      return;
    }
    switch (world.random.nextInt(6)) {
      case 0, 1, 2 -> cloud.mend(world.random.nextInt(Point.SERIES));
      case 3 -> edge.retry();
      case 4 -> cloud.makeContrary();
      default -> {
        // They sleep.
      }
    }
    world.after(world.between(200, 3_000), this::people);
  }

  private void mendAll() {
    for (int series = 0; series < Point.SERIES; series++) {
      cloud.mend(series);
    }
  }

  private void trouble() {
    if (world.calm) {
      return;
    }
    switch (world.random.nextInt(40)) {
      case 0, 1 -> edge.stop();
      case 2, 3, 4, 5, 6 -> edge.start();
      case 7 -> edge.drop();
      case 8 -> edge.changeLeader();
      case 9, 10 -> cloud.changeLeader();
      case 11 -> edge.backUp();
      case 12 -> {
        if (world.random.nextInt(3) == 0) {
          edge.restore();
        }
      }
      case 13 -> cloud.backUp();
      case 14 -> {
        if (cloud.restore()) {
          world.count(SyncFault.RECEIVER_RESTORED);
          truth.stepsBack();
        }
      }
      case 15 -> {
        if (world.random.nextInt(4) == 0) {
          world.count(SyncFault.TARGETS_DROPPED);
          cloud.dropTargets();
          truth.stepsBack();
        }
      }
      case 16 -> edge.dieNow();
      default -> {
        // All is well for a while.
      }
    }
    world.after(world.between(50, 700), this::trouble);
  }
}
