package io.sluice.sim.sync;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.Point.Place;
import io.sluice.sim.sync.ReceivingRegion.Scheme;
import io.sluice.sync.sender.core.Health;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who is who, one case at a time, on the simulation's clusters while nothing else goes wrong. */
class IdentityTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("sync.receiver");
  private static Level before;

  private final SimWorld<SyncFault> world = new SimWorld<>(SyncFault.class, 1, false);
  private final SyncTruth truth = new SyncTruth(false);
  private ReceivingCluster cloud;
  private SendingCluster edge;

  @BeforeAll
  static void expectRefusals() {
    before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void logAgain() {
    LOG.setLevel(before);
  }

  @BeforeEach
  void start() {
    world.calm = true;
    cloud = new ReceivingCluster(world, truth, Scheme.RECORD);
    edge = new SendingCluster(world, truth, cloud);
    truth.begin(edge, cloud);
    write(edge, 12);
    settle();
  }

  private void write(SendingCluster where, int times) {
    for (int i = 0; i < times; i++) {
      where.write();
      world.runUntil(world.nowMs() + 100);
    }
  }

  private void settle() {
    world.runUntil(world.nowMs() + 10_000);
    SyncHistory.settle(world, edge);
  }

  @Test
  void anEdgeRestoredFromAnOlderFolderGoesOnFromWhereItParted() {
    edge.backUp();
    write(edge, 6);
    settle();
    edge.restore();
    settle();
    Health health = edge.current().core.health();
    assertThat(health.level()).isEqualTo(Health.Level.WARN);
    assertThat(health.cause()).contains("parted");
    write(edge, 30);
    settle();
    truth.checkAtRest();
  }

  /** Their logs part: one of them is told; no row of the one that stays is lost. */
  @Test
  void aSecondEdgeFlashedFromTheSameImageIsSeen() {
    SendingCluster other = edge.flashed();
    edge.dieNow();
    world.runUntil(world.nowMs() + 6_000);
    Map<SendingCluster, Health> worst = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      write(i % 2 == 0 ? edge : other, 1);
      world.runUntil(world.nowMs() + 300);
      worst.merge(edge, edge.current().core.health(), Health::worse);
      worst.merge(other, other.current().core.health(), Health::worse);
    }
    assertThat(worst.get(edge).worse(worst.get(other)).level()).isNotEqualTo(Health.Level.NORMAL);
    other.stop();
    settle();
    allThere(other);
  }

  private void allThere(SendingCluster other) {
    Map<Place, Long> there = cloud.visible();
    Map<Place, Long> others = other.region().state(true);
    edge.region()
        .state(true)
        .forEach(
            (place, value) ->
                assertThat(there.get(place)).as("%s", place).isIn(value, others.get(place)));
  }

  /** The original stands like a leader that has a successor: it is told, and waits, and goes on. */
  @Test
  void anEdgeWhoseRunningDiskWasCopiedIsRefusedUntilItBeginsAgain() {
    SendingCluster other = edge.flashed();
    world.runUntil(world.nowMs() + 5_000);
    write(other, 3);
    world.runUntil(world.nowMs() + 5_000);
    write(edge, 6);
    world.runUntil(world.nowMs() + 20_000);
    assertThat(edge.caughtUp()).isFalse();
    assertThat(edge.current().core.health().level()).isNotEqualTo(Health.Level.NORMAL);
    other.stop();
    edge.dieNow();
    settle();
    allThere(other);
  }

  @Test
  void aWipedReceiverGetsEverythingAgain() {
    cloud.dropTargets();
    cloud.nodes.forEach(ReceivingNode::crash);
    settle();
    truth.checkAtRest();
  }

  @Test
  void aReceiverRestoredFromAnOlderCopyGetsWhatItLost() {
    cloud.backUp();
    write(edge, 12);
    settle();
    cloud.restore();
    settle();
    truth.checkAtRest();
  }

  @Test
  void aReceiverWhoseConfigNodesWereMadeAnewIsAnotherClusterAndGetsEverything() {
    cloud.beginAnew();
    settle();
    truth.checkAtRest();
    write(edge, 6);
    settle();
    truth.checkAtRest();
  }

  /** Another source: nothing the former one left keeps a row of it away. */
  @Test
  void anEdgeWhoseConfigNodesWereMadeAnewIsAnotherSource() {
    edge.stop();
    world.runUntil(world.nowMs() + 5_000);
    edge = new SendingCluster(world, truth, cloud);
    truth.begin(edge, cloud);
    write(edge, 12);
    settle();
    Map<Place, Long> there = cloud.visible();
    edge.region()
        .state(true)
        .forEach((place, value) -> assertThat(there.get(place)).as("%s", place).isEqualTo(value));
  }
}
