package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.sender.FeedReport;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.port.FakeSourceRegion;
import io.sluice.sync.sender.port.FakeSourceRegions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One sender and a receiving cluster of three nodes, each behind a proxy that can fail as nodes do.
 *
 * <p>The bugs of a sender among several nodes were put into its core one by one, and seen to fail
 * in the sender's {@code FeedMovesTest} and {@code AddressesTest}; not here.
 */
class SeveralReceiversTest {
  private static final int NODES = 3;
  private static final SyncSenderOptions FAST =
      new SyncSenderOptions(5, 5, 50, 200, 2_000, 2_000, 5_000, 4, 1, 1);

  /** Nobody is left for being slow. */
  private static final SyncSenderOptions PATIENT =
      new SyncSenderOptions(5, 5, 50, 200, 20_000, 20_000, 30_000, 4, 1, 1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A node that is dead or hangs stays so until it is left; a busy machine takes some seconds. */
  private static final Duration LEFT_WITHIN = Duration.ofSeconds(20);

  /**
   * Their places hang on random ids and ports: of so many, one in 60,000 times none has its place
   * at a certain node; of twelve it was one in fifty.
   */
  private static final int REGIONS = 30;

  @TempDir Path folder;
  private final FakeSourceRegions regions = new FakeSourceRegions();
  private final FakeTargetCluster cluster = new FakeTargetCluster(3);
  private final List<ReceiverServer> nodes = new ArrayList<>();
  private final List<CuttingProxy> ways = new ArrayList<>();
  private final List<FakeSourceRegion> sources = new ArrayList<>();
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @BeforeEach
  void startNodes() throws Exception {
    List<Frame.Address> named = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(node(i));
      int node = i;
      CuttingProxy way = new CuttingProxy(() -> nodes.get(node).port(), i, 1_000);
      way.stopCutting();
      ways.add(way);
      toClose.add(way);
      named.add(address(way));
    }
    cluster.nameNodes(named);
  }

  private ReceiverServer node(int i) throws Exception {
    ReceiverServer server =
        new ReceiverServer(
            ReceiverServer.OPTIONS, "127.0.0.1/32", folder.resolve("staging" + i), cluster);
    toClose.add(server);
    return server;
  }

  private static Frame.Address address(CuttingProxy way) {
    return new Frame.Address("127.0.0.1", way.port());
  }

  @AfterEach
  void closeAll() throws Exception {
    ways.forEach(way -> way.freeze(false));
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private SyncSender start(int regionCount) throws Exception {
    return start(regionCount, FAST);
  }

  private SyncSender start(int regionCount, SyncSenderOptions options) throws Exception {
    for (int i = 0; i < regionCount; i++) {
      sources.add(regions.add("root.a", folder));
    }
    SyncSender sender = new SyncSender(options, regions, MonotonicClock.SYSTEM);
    toClose.add(sender);
    sender.start(new PipeSpec("p", 1, "127.0.0.1", ways.get(0).port(), 1_000, 0, false));
    return sender;
  }

  private int written;

  private void writeToAll() {
    int from = written;
    written += 100;
    for (int r = 0; r < sources.size(); r++) {
      for (int i = from; i < written; i++) {
        sources.get(r).write("root.a.r" + r + "d" + i % 7, i, "v" + i);
      }
      sources.get(r).seal();
    }
  }

  private void awaitEqual(Duration atMost) {
    Map<String, String> expected = new TreeMap<>();
    for (FakeSourceRegion source : sources) {
      for (FakeSourceRegion.Point point : source.points()) {
        expected.put(point.device() + " " + point.time(), point.value());
      }
    }
    await().atMost(atMost).untilAsserted(() -> assertThat(cluster.points()).isEqualTo(expected));
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  private static Set<Frame.Address> inUse(SyncSender sender) {
    Set<Frame.Address> inUse = new HashSet<>();
    for (FeedReport report : sender.reports()) {
      inUse.add(report.receiver());
    }
    return inUse;
  }

  private void awaitSpread(SyncSender sender) {
    await().atMost(PATIENCE).until(() -> inUse(sender).size() == NODES);
  }

  @Test
  void feedsAreSpreadOverAllNodes() throws Exception {
    SyncSender sender = start(48, PATIENT);
    writeToAll();
    awaitEqual(PATIENCE);
    awaitSpread(sender);
    for (ReceiverServer node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(node.receiver().connections()).isBetween(4, 36));
    }
    writeToAll();
    awaitEqual(PATIENCE);
    assertThat(sender.health(1)).isEqualTo(Health.NORMAL);
    assertThat(sender.reports()).allSatisfy(feed -> assertThat(feed.failures()).isEmpty());
  }

  @Test
  void aNodeThatDiesIsLeftAtOnceAlsoWhenItIsTheSinks() throws Exception {
    SyncSender sender = start(REGIONS);
    writeToAll();
    awaitEqual(PATIENCE);
    awaitSpread(sender);
    for (int dying = 0; dying < NODES; dying++) {
      nodes.get(dying).close();
      writeToAll();
      awaitEqual(LEFT_WITHIN);
      nodes.set(dying, node(dying));
    }
  }

  @Test
  void aNodeThatHangsIsLeftWithinSecondsAndComesBack() throws Exception {
    SyncSender sender = start(REGIONS);
    writeToAll();
    awaitEqual(PATIENCE);
    awaitSpread(sender);
    for (CuttingProxy way : ways) {
      way.freeze(true);
      writeToAll();
      awaitEqual(LEFT_WITHIN);
      way.freeze(false);
    }
    awaitSpread(sender);
    writeToAll();
    awaitEqual(PATIENCE);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @Test
  void namedAddressesOfAnotherClusterOrOfNobodyAreLeftAside() throws Exception {
    FakeTargetCluster other = new FakeTargetCluster(1);
    ReceiverServer foreign =
        new ReceiverServer(
            ReceiverServer.OPTIONS, "127.0.0.1/32", folder.resolve("foreign"), other);
    toClose.add(foreign);
    int nobody;
    try (ReceiverServer gone = node(9)) {
      nobody = gone.port();
    }
    cluster.nameNodes(
        List.of(
            new Frame.Address("127.0.0.1", foreign.port()),
            new Frame.Address("127.0.0.1", nobody)));
    SyncSender sender = start(6);
    writeToAll();
    awaitEqual(PATIENCE);
    assertThat(inUse(sender)).containsExactly(address(ways.get(0)));
    assertThat(other.ledgers()).isEmpty();
    assertThat(other.points()).isEmpty();
    assertThat(sender.health(1)).isEqualTo(Health.NORMAL);
    ways.get(0).freeze(true);
    await().atMost(PATIENCE).until(() -> sender.health(1).level() != Health.Level.NORMAL);
    ways.get(0).freeze(false);
    writeToAll();
    awaitEqual(PATIENCE);
    assertThat(other.points()).isEmpty();
  }

  @Test
  void aRegionThatComesToBeLedHereKnowsTheNodesWhileTheSinksIsAway() throws Exception {
    start(3);
    writeToAll();
    awaitEqual(PATIENCE);
    nodes.get(0).close();
    sources.add(regions.add("root.a", folder));
    writeToAll();
    awaitEqual(LEFT_WITHIN);
  }

  @Test
  void aTargetThatNeverAnswersIsSaidAndNothingIsLost() throws Exception {
    SyncSender sender = start(2);
    writeToAll();
    awaitEqual(PATIENCE);
    cluster.holdLoads();
    writeToAll();
    await().atMost(PATIENCE).until(() -> sender.health(1).level() != Health.Level.NORMAL);
    assertThat(sender.health(1).cause()).contains("the target regions have not taken it for");
    cluster.letLoadsThrough();
    awaitEqual(PATIENCE);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }
}
