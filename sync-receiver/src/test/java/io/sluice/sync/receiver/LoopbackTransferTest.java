package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.core.Trouble;
import io.sluice.sync.sender.port.FakeSourceRegion;
import io.sluice.sync.sender.port.FakeSourceRegions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real sender and a real receiver over loopback; regions on both sides are fakes.
 *
 * <p>Known bugs that were put in one by one, and the test that failed:
 *
 * <ul>
 *   <li>APPLIED before the load: {@link #aConflictIsNeitherSkippedNorCommitted}
 *   <li>a load that failed, or a conflict, counted as done: {@link
 *       #aLoadThatWasNotAnsweredIsNotTakenForDone}, {@link #aConflictIsNeitherSkippedNorCommitted}
 *   <li>a range that cannot be opened passed over: {@link #whatCannotBeReadIsRetriedNotSkipped}
 *   <li>the white list not asked, STOP not written, DROP not forgotten: {@link
 *       #aWhiteListRefusalIsAnErrorThatNamesTheAddressAndEndsByItself}, {@link
 *       #stopShowsAndDropForgetsAtTheReceiver}
 *   <li>checksum of a chunk or of the whole file not compared: {@code StagingAreaTest}
 *   <li>resuming at a wrong offset, believing in an acknowledgement of what was not announced:
 *       {@code FeedCoreTest}
 *   <li>gaps between ranges taken, a session going on after another took over: {@link
 *       ReceiverRefusalsTest}
 *   <li>no deduplication by the targets' records: {@code core.HandshakeTest}
 * </ul>
 */
class LoopbackTransferTest {
  private static final SyncSenderOptions FAST =
      new SyncSenderOptions(2, 5, 50, 200, 1_000, 2_000, 5_000, 4, 1, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int JOURNAL_HEADER_BYTES = 72;

  @TempDir Path folder;
  private final FakeSourceRegions regions = new FakeSourceRegions();
  private final FakeTargetCluster cluster = new FakeTargetCluster(3);
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private ReceiverServer receiver(String whiteList) throws Exception {
    return receiver(ReceiverServer.OPTIONS, whiteList);
  }

  private ReceiverServer receiver(SyncReceiverOptions options, String whiteList) throws Exception {
    ReceiverServer server =
        new ReceiverServer(options, whiteList, folder.resolve("staging"), cluster);
    toClose.add(server);
    return server;
  }

  private SyncSender sender() {
    SyncSender sender = new SyncSender(FAST, regions, MonotonicClock.SYSTEM);
    toClose.add(sender);
    return sender;
  }

  private static PipeSpec pipe(long number, int port) {
    return new PipeSpec("p" + number, number, "127.0.0.1", port, 1_000, 0, false);
  }

  private static void fill(FakeSourceRegion region, int from, int count) {
    for (int i = from; i < from + count; i++) {
      region.write("root.a.d" + i % 7, i, "v" + i);
    }
    region.seal();
  }

  private Map<String, String> expected(FakeSourceRegion... sources) {
    Map<String, String> expected = new TreeMap<>();
    for (FakeSourceRegion source : sources) {
      for (FakeSourceRegion.Point point : source.points()) {
        expected.put(point.device() + " " + point.time(), point.value());
      }
    }
    return expected;
  }

  private void awaitEqual(FakeSourceRegion... sources) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cluster.points()).isEqualTo(expected(sources)));
  }

  @Test
  void historyAndNewRowsArriveOnceAndTheLedgerFollows() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 500);
    fill(region, 500, 500);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    awaitEqual(region);
    region.write("root.a.d1", 5_000, "unsealed");
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(cluster.ledgers()).hasSize(1);
              assertThat(cluster.ledgers().get(0).position()).isEqualTo(region.logEnd());
            });
    assertThat(cluster.ledgers().get(0).pipe().senderAddress()).isEqualTo("127.0.0.1");
    assertThat(cluster.ledgers().get(0).pipe().running()).isTrue();
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
    await().atMost(PATIENCE).until(() -> sender.reports().get(0).caughtUp());
    await().atMost(PATIENCE).until(() -> region.openFiles() == 0);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              try (var staged = Files.list(folder.resolve("staging"))) {
                assertThat(staged).isEmpty();
              }
            });
  }

  @Test
  void regionsThatAppearLaterJoinARunningPipe() throws Exception {
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    FakeSourceRegion first = regions.add("root.a", folder);
    fill(first, 0, 50);
    awaitEqual(first);
    FakeSourceRegion second = regions.add("root.b", folder);
    second.write("root.b.d", 1, "x");
    awaitEqual(first, second);
    regions.remove(second);
    assertThat(sender.reports()).hasSize(1);
  }

  @Test
  void everyPointArrivesOnceHoweverConnectionsAreCut() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    CuttingProxy proxy = new CuttingProxy(server::port, 42, 60_000);
    toClose.add(proxy);
    SyncSender sender = sender();
    sender.start(pipe(1, proxy.port()));
    for (int i = 0; i < 40; i++) {
      fill(region, i * 1_000, 1_000);
    }
    fillUntilCut(region, 40_000, proxy, 15);
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  /** However the connections fall: there is more to send until enough of them were cut. */
  private static void fillUntilCut(
      FakeSourceRegion region, int from, CuttingProxy proxy, int cuts) {
    AtomicInteger next = new AtomicInteger(from);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              fill(region, next.getAndAdd(100), 100);
              return proxy.cuts() >= cuts;
            });
    proxy.stopCutting();
  }

  @Test
  void aFlippedBitIsFoundAndNeverLoaded() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    CuttingProxy proxy = new CuttingProxy(server::port, 43, 30_000);
    proxy.flipBits();
    toClose.add(proxy);
    SyncSender sender = sender();
    sender.start(pipe(1, proxy.port()));
    for (int i = 0; i < 20; i++) {
      fill(region, i * 1_000, 1_000);
    }
    fillUntilCut(region, 20_000, proxy, 10);
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  /** Seen to fail when the file is not compared once more before it is split. */
  @Test
  void aBitThatFlipsInStagingIsFoundAndTheFileSentAgain() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    for (int i = 0; i < 3; i++) {
      fill(region, i * 500, 500);
    }
    cluster.holdLoads();
    ReceiverServer server = receiver("127.0.0.1/32");
    sender().start(pipe(1, server.port()));
    List<Path> waiting = awaitWhole(3);
    for (Path part : waiting) {
      byte[] bytes = Files.readAllBytes(part);
      bytes[bytes.length / 2] ^= 1;
      Files.write(part, bytes);
    }
    cluster.letLoadsThrough();
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  /** Each of these pieces is a single chunk: with its entry in the journal it is whole. */
  private List<Path> awaitWhole(int pieces) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              List<Path> parts = new ArrayList<>();
              try (var staged = Files.list(folder.resolve("staging"))) {
                for (Path file : staged.toList()) {
                  String name = file.toString();
                  if (name.endsWith(".chunks") && Files.size(file) > JOURNAL_HEADER_BYTES) {
                    parts.add(Path.of(name.replace(".chunks", ".part")));
                  }
                }
              }
              return parts;
            },
            parts -> parts.size() == pieces);
  }

  @Test
  void restartsOfEitherSideLoseAndDoubleNothing() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    Random random = new Random(5);
    ReceiverServer[] server = {receiver("127.0.0.1/32")};
    CuttingProxy proxy = new CuttingProxy(() -> server[0].port(), 44, 200_000);
    toClose.add(proxy);
    SyncSender[] sender = {sender()};
    sender[0].start(pipe(1, proxy.port()));
    for (int i = 0; i < 30; i++) {
      fill(region, i * 1_000, 1_000);
      if (random.nextInt(4) == 0) {
        server[0].close();
        server[0] = receiver("127.0.0.1/32");
      } else if (random.nextInt(4) == 0) {
        sender[0].close();
        regions.forgetListeners();
        sender[0] = sender();
        sender[0].start(pipe(1, proxy.port()));
      }
      if (random.nextInt(3) == 0) {
        cluster.loseLoads(1 + random.nextInt(3));
      }
    }
    proxy.stopCutting();
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  @Test
  void aReceiverRestoredFromAnOlderCopyGetsWhatItLost() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    fill(region, 0, 100);
    awaitEqual(region);
    Map<String, List<FakeTargetCluster.Region>> copy = cluster.copy();
    fill(region, 100, 100);
    awaitEqual(region);
    cluster.restore(copy);
    fill(region, 200, 100);
    awaitEqual(region);
    cluster.dropDatabase("root.a");
    fill(region, 300, 100);
    awaitEqual(region);
  }

  @Test
  void stopShowsAndDropForgetsAtTheReceiver() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    PipeSpec pipe = pipe(1, server.port());
    sender.start(pipe);
    fill(region, 0, 100);
    awaitEqual(region);
    sender.stop(pipe);
    await().atMost(PATIENCE).until(() -> !cluster.ledgers().get(0).pipe().running());
    Map<String, String> atStop = cluster.points();
    fill(region, 100, 100);
    assertThat(cluster.points()).isEqualTo(atStop);
    sender.start(pipe);
    awaitEqual(region);
    assertThat(cluster.ledgers().get(0).pipe().running()).isTrue();
    sender.drop(pipe);
    await().atMost(PATIENCE).until(() -> cluster.ledgers().isEmpty());
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  @Test
  void anUnreachableReceiverIsWarnThenErrorThenNormalByItself() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    int[] port = new int[1];
    try (ReceiverServer dead = receiver("127.0.0.1/32")) {
      port[0] = dead.port();
    }
    CuttingProxy proxy = new CuttingProxy(() -> port[0], 1, 1_000);
    proxy.stopCutting();
    toClose.add(proxy);
    List<Health.Level> seen = new ArrayList<>();
    // Its WARN lasts for these two pauses: longer than a busy machine looks away.
    SyncSender sender =
        new SyncSender(
            new SyncSenderOptions(2, 500, 500, 200, 1_000, 2_000, 5_000, 4, 1, 1),
            regions,
            MonotonicClock.SYSTEM);
    toClose.add(sender);
    sender.start(pipe(1, proxy.port()));
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(PATIENCE)
        .until(
            () -> {
              seen.add(sender.health(1).level());
              return sender.health(1).level() == Health.Level.ERROR;
            });
    assertThat(seen).contains(Health.Level.WARN);
    assertThat(sender.health(1).cause()).startsWith("UNREACHABLE");
    port[0] = receiver("127.0.0.1/32").port();
    awaitEqual(region);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @Test
  void aWhiteListRefusalIsAnErrorThatNamesTheAddressAndEndsByItself() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    ReceiverServer server = receiver("10.0.0.0/8");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    await().atMost(PATIENCE).until(() -> sender.health(1).level() == Health.Level.ERROR);
    assertThat(sender.health(1).cause()).contains("127.0.0.1").contains("white list");
    assertThat(cluster.points()).isEmpty();
    server.receiver().replaceWhiteList(WhiteList.parse("10.0.0.0/8, 127.0.0.1"));
    awaitEqual(region);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
    server.receiver().replaceWhiteList(WhiteList.parse(""));
    await().atMost(PATIENCE).until(() -> sender.health(1).level() == Health.Level.ERROR);
  }

  @Test
  void aConflictIsNeitherSkippedNorCommitted() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    cluster.conflictWith("root.a.d3");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    fill(region, 0, 3);
    awaitEqual(region);
    fill(region, 3, 10);
    await().atMost(PATIENCE).until(() -> sender.health(1).level() == Health.Level.WARN);
    await().atMost(PATIENCE).until(() -> sender.reports().get(0).caughtUp());
    assertThat(cluster.points().keySet()).noneMatch(key -> key.startsWith("root.a.d3 "));
    assertThat(cluster.points()).as("the rest has arrived").hasSizeGreaterThan(3);
    assertThat(sender.health(1).cause()).contains("1 series held back");
    assertThat(cluster.timesApplied().values()).containsOnly(1);
    region.rejoin(1);
    await().atMost(PATIENCE).until(() -> region.heldBack(1) == 1);
    cluster.conflictWith(null);
    region.rejoin(1);
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @Test
  void aDeletionGoesBetweenTheFilesItStandsBetween() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 20);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(new PipeSpec("p", 1, "127.0.0.1", server.port(), 1_000, 0, true));
    awaitEqual(region);
    region.delete("root.a.d3");
    region.write("root.a.d3", 3, "again");
    region.delete("root.a.d4");
    region.seal();
    awaitEqual(region);
    assertThat(cluster.points()).containsEntry("root.a.d3 3", "again");
    await().atMost(PATIENCE).until(() -> sender.reports().get(0).caughtUp());
  }

  @Test
  void aLoadThatWasNotAnsweredIsNotTakenForDone() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    // With no piece after it, nothing but the answer shows that the first load did not happen.
    region.write("root.a.d1", 1, "v");
    region.seal();
    cluster.loseLoads(2);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    awaitEqual(region);
    await().atMost(PATIENCE).until(() -> sender.reports().get(0).caughtUp());
    assertThat(cluster.timesApplied().values()).containsOnly(1);
    assertThat(sender.reports().get(0).failures()).containsEntry(Trouble.Cause.TRANSFER, 2L);
  }

  @Test
  void aSecondPipeFromTheSameRegionToTheSameClusterIsAnErrorNamingTheFirst() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    PipeSpec first = pipe(1, server.port());
    sender.start(first);
    awaitEqual(region);
    sender.start(pipe(2, server.port()));
    await().atMost(PATIENCE).until(() -> sender.health(2).level() == Health.Level.ERROR);
    assertThat(sender.health(2).cause()).contains("p1");
    assertThat(sender.health(1)).isEqualTo(Health.NORMAL);
    sender.drop(first);
    await().atMost(PATIENCE).until(() -> sender.health(2).equals(Health.NORMAL));
    fill(region, 10, 10);
    awaitEqual(region);
  }

  @Test
  void afterARestartTheOlderOfTwoPipesFeedsWhicheverBegins() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    ReceiverServer server = receiver("127.0.0.1/32");
    for (int i = 0; i < 5; i++) {
      SyncSender sender = sender();
      sender.rest(true);
      sender.start(pipe(2, server.port()));
      sender.start(pipe(1, server.port()));
      sender.rest(false);
      await().atMost(PATIENCE).until(() -> sender.health(2).level() == Health.Level.ERROR);
      await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
      fill(region, 10 + 10 * i, 10);
      awaitEqual(region);
      assertThat(cluster.ledgers().get(0).pipeNumber()).isEqualTo(1);
      sender.close();
      regions.forgetListeners();
    }
  }

  @Test
  void aRegionLedAMomentAfterTheDropTellsOfItToo() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    PipeSpec pipe = pipe(1, server.port());
    sender.start(pipe);
    awaitEqual(region);
    regions.remove(region);
    sender.drop(pipe);
    assertThat(cluster.ledgers()).hasSize(1);
    regions.add(region);
    await().atMost(PATIENCE).until(() -> cluster.ledgers().isEmpty());
  }

  @Test
  void sendersThatRestSayThatTheyDo() throws Exception {
    regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    sender.rest(true);
    assertThat(sender.health(1).level()).isEqualTo(Health.Level.WARN);
    assertThat(sender.health(1).cause()).contains("senders rest");
    sender.rest(false);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @Test
  void aStagingAreaThatIsFullDelaysAndLosesNothing() throws Exception {
    FakeSourceRegion one = regions.add("root.a", folder);
    FakeSourceRegion two = regions.add("root.b", folder);
    for (int i = 0; i < 10; i++) {
      fill(one, i * 100, 100);
      for (int k = 0; k < 100; k++) {
        two.write("root.b.d", i * 100 + k, "w");
      }
      two.seal();
    }
    ReceiverServer server =
        receiver(new SyncReceiverOptions(100, 2_500, 2, 10_000, 50, 3_000), "127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    awaitEqual(one, two);
    assertThat(server.receiver().stagingBytes()).isLessThanOrEqualTo(2_500);
  }

  @Test
  void afterAMergeOfRangesTheFeedGoesOn() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    PipeSpec pipe = pipe(1, server.port());
    sender.start(pipe);
    fill(region, 0, 10);
    fill(region, 10, 10);
    awaitEqual(region);
    sender.stop(pipe);
    await().atMost(PATIENCE).until(() -> !cluster.ledgers().get(0).pipe().running());
    region.merge(10);
    fill(region, 20, 10);
    fill(region, 30, 10);
    region.merge(30);
    sender.start(pipe);
    awaitEqual(region);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
  }

  @Test
  void whatCannotBeReadIsRetriedNotSkipped() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    region.failOpens(3);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    awaitEqual(region);
    assertThat(sender.reports().get(0).failures()).containsKey(Trouble.Cause.SOURCE);
  }

  /** Seen to fail while closing did not wait for it. */
  @Test
  void aFileThatIsBeingOpenedWhenTheSenderClosesIsClosedToo() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    region.beforeOpens(
        () -> {
          opening.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(pipe(1, server.port()));
    assertThat(opening.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(sender::close);
    await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> !closing.isDone());
    goOn.countDown();
    closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(region.openFiles()).isZero();
  }

  @Test
  void pointsBeforeTheStartTimeStayAndThePositionPassesThem() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    fill(region, 0, 10);
    fill(region, 10, 10);
    ReceiverServer server = receiver("127.0.0.1/32");
    SyncSender sender = sender();
    sender.start(new PipeSpec("p", 1, "127.0.0.1", server.port(), 1_000, 15, false));
    await().atMost(PATIENCE).until(() -> cluster.points().size() == 5);
    await().atMost(PATIENCE).until(() -> sender.reports().get(0).position() == 20);
  }

  /** Seen to fail with nobody told, and with the WARN that never ends. */
  @Test
  void twoClustersThatWriteOneDeviceAreBothKeptAndToldOfIt() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    var others = new FakeSourceRegions();
    FakeSourceRegion other = others.add("root.a", folder);
    ReceiverServer server = receiver("127.0.0.1/32");
    AtomicLong aheadMs = new AtomicLong();
    SyncSender sender =
        new SyncSender(FAST, regions, () -> MonotonicClock.SYSTEM.nowMs() + aheadMs.get());
    toClose.add(sender);
    SyncSender second = new SyncSender(FAST, others, MonotonicClock.SYSTEM);
    toClose.add(second);
    sender.start(pipe(1, server.port()));
    second.start(pipe(1, server.port()));
    region.write("root.a.d", 1, "one");
    region.seal();
    awaitEqual(region);
    assertThat(sender.health(1)).isEqualTo(Health.NORMAL);
    other.write("root.a.d", 2, "two");
    other.seal();
    awaitEqual(region, other);
    await().atMost(PATIENCE).until(() -> second.health(1).level() == Health.Level.WARN);
    assertThat(second.health(1).cause()).contains("root.a.d", regions.clusterId().toString());
    region.write("root.a.d", 3, "three");
    region.seal();
    awaitEqual(region, other);
    await().atMost(PATIENCE).until(() -> sender.health(1).level() == Health.Level.WARN);
    assertThat(sender.health(1).cause()).contains("root.a.d", others.clusterId().toString());
    aheadMs.set(600_000);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }
}
