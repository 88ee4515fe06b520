package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver does with senders that are wrong, broken or not senders at all. */
class ReceiverRefusalsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Lineage LINEAGE = Lineage.EMPTY.with(1, 77);
  private static final SyncReceiverOptions SMALL =
      new SyncReceiverOptions(3, 10_000, 2, 20_000, 50, 3_000);

  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(2);
  private final Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
  private ReceiverServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ReceiverServer(SMALL, "127.0.0.1", folder.resolve("staging"), cluster);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawSender opened() throws Exception {
    RawSender sender = new RawSender(server.port()).opening(Opening.OURS);
    assertThat(sender.hear()).isEqualTo(new Frame.Greeting(Opening.VERSION, cluster.clusterId()));
    return sender;
  }

  private Frame.Hello hello(Source from, long pipeNumber, int precision) {
    return new Frame.Hello(from, "p", pipeNumber, 5, "root.a", 0, false, precision, LINEAGE, 100);
  }

  private RawSender welcomed() throws Exception {
    RawSender sender = opened().say(hello(source, 3, 1));
    assertThat(sender.hear()).isInstanceOf(Frame.Welcome.class);
    return sender;
  }

  private static void assertRefused(RawSender sender, Refusal code) throws Exception {
    assertThat(sender.hear())
        .isInstanceOfSatisfying(
            Frame.Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
    assertThat(sender.hear()).as("closed after it").isNull();
    sender.close();
  }

  @Test
  void anotherVersionIsRefusedInWordsItCanRead() throws Exception {
    RawSender sender = new RawSender(server.port()).opening(new Opening(Opening.VERSION + 1, 9));
    assertRefused(sender, Refusal.VERSION);
  }

  @Test
  void aSenderOfThisClusterIsRefused() throws Exception {
    Source own = new Source(cluster.clusterId(), UUID.randomUUID());
    assertRefused(opened().say(hello(own, 3, 1)), Refusal.SAME_CLUSTER);
  }

  @Test
  void anotherPrecisionIsRefused() throws Exception {
    assertRefused(opened().say(hello(source, 3, 2)), Refusal.PRECISION);
  }

  @Test
  void aLowerPipeNumberIsRefused() throws Exception {
    welcomed().close();
    assertRefused(opened().say(hello(source, 2, 1)), Refusal.OLD_PIPE);
  }

  @Test
  void anImpossibleDatabaseIsRefused() throws Exception {
    cluster.makeImpossible("root.a");
    assertRefused(opened().say(hello(source, 3, 1)), Refusal.DATABASE);
  }

  @Test
  void moreConnectionsThanAllowedAreRefusedAndTheRestLive() throws Exception {
    List<RawSender> living = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      living.add(opened());
    }
    RawSender fourth = new RawSender(server.port()).opening(Opening.OURS);
    assertRefused(fourth, Refusal.TOO_MANY_CONNECTIONS);
    living.remove(0).close();
    await().atMost(PATIENCE).until(() -> server.receiver().connections() == living.size());
    living.add(opened());
    for (RawSender sender : living) {
      sender.close();
    }
  }

  @Test
  void whoSaysNothingIsClosed() throws Exception {
    SyncReceiverOptions impatient = new SyncReceiverOptions(3, 10_000, 2, 2_000, 50, 3_000);
    try (ReceiverServer hasty =
            new ReceiverServer(impatient, "127.0.0.1", folder.resolve("hasty"), cluster);
        RawSender halfOpen = new RawSender(hasty.port());
        RawSender silent = new RawSender(hasty.port()).opening(Opening.OURS)) {
      assertThat(halfOpen.hear()).isNull();
      assertThat(silent.hear()).isInstanceOf(Frame.Greeting.class);
      assertThat(silent.hear()).isNull();
      await().atMost(PATIENCE).until(() -> hasty.receiver().connections() == 0);
    }
  }

  @Test
  void garbageIsAnsweredAndCostsNothing() throws Exception {
    Random random = new Random(9);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(garbage);
      RawSender sender = new RawSender(server.port());
      if (i % 2 == 0) {
        sender.opening(Opening.OURS);
        sender.hear();
      }
      sender.raw(Unpooled.wrappedBuffer(garbage));
      sender.close();
    }
    await().atMost(PATIENCE).until(() -> server.receiver().connections() == 0);
    welcomed().close();
    assertThat(cluster.points()).isEmpty();
  }

  @Test
  void anHttpClientIsClosed() throws Exception {
    try (RawSender sender = new RawSender(server.port())) {
      sender.raw(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
      assertThat(sender.hear())
          .isInstanceOfSatisfying(
              Frame.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(Refusal.PROTOCOL));
      assertThat(sender.hear()).isNull();
    }
  }

  @Test
  void framesOutOfTheirPlaceAreRefused() throws Exception {
    assertRefused(opened().say(new Frame.Passed(0, 5, 77)), Refusal.PROTOCOL);
    assertRefused(welcomed().say(hello(source, 3, 1)), Refusal.PROTOCOL);
    assertRefused(welcomed().say(new Frame.Passed(3, 5, 77)), Refusal.PROTOCOL);
    assertRefused(welcomed().say(new Frame.Passed(0, 5, 78)), Refusal.SHAKE_AGAIN);
    assertRefused(welcomed().say(new Frame.Chunk(5, 0, 10, 0)), Refusal.PROTOCOL);
    assertRefused(welcomed().say(new Frame.Applied(5)), Refusal.PROTOCOL);
    assertThat(cluster.ledgers().get(0).position()).as("nothing was believed").isZero();
  }

  @Test
  void aFileThatCouldNeverFitIsRefusedBeforeItIsSent() throws Exception {
    assertRefused(
        welcomed().say(new Frame.FileBegin(0, 5, 77, Long.MAX_VALUE, 0)), Refusal.STAGING_LIMIT);
  }

  @Test
  void chunksThatDoNotFollowEachOtherAreRefused() throws Exception {
    RawSender sender = welcomed().say(new Frame.FileBegin(0, 5, 77, 100, 0));
    assertThat(sender.hear()).isEqualTo(new Frame.FileAccept(5, 0));
    assertRefused(sender.say(new Frame.Chunk(5, 10, 10, 0)), Refusal.PROTOCOL);
    RawSender longer = welcomed().say(new Frame.FileBegin(0, 5, 77, 100, 0));
    longer.hear();
    assertRefused(longer.say(new Frame.Chunk(5, 0, 101, 0)), Refusal.PROTOCOL);
  }

  @Test
  void aWholeFileThatCannotBeReadIsAnErrorAndIsNotLoaded() throws Exception {
    byte[] bytes = "no space in this line\n".replace(" ", "").getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int sum = (int) crc.getValue();
    RawSender sender = welcomed().say(new Frame.FileBegin(0, 5, 77, bytes.length, sum));
    assertThat(sender.hear()).isEqualTo(new Frame.FileAccept(5, 0));
    sender.say(new Frame.Chunk(5, 0, bytes.length, sum)).raw(Unpooled.wrappedBuffer(bytes));
    assertRefused(sender, Refusal.DAMAGED);
    assertThat(cluster.points()).isEmpty();
  }

  @Test
  void aSecondConnectionOfOneSourceTakesOver() throws Exception {
    RawSender first = welcomed();
    RawSender second = welcomed();
    assertRefused(first, Refusal.SHAKE_AGAIN);
    second.say(new Frame.Passed(0, 5, 77));
    assertThat(second.hear()).isEqualTo(new Frame.Applied(5));
    second.close();
  }

  @Test
  void aSessionThatAnotherNodeTookOverEnds() throws Exception {
    try (ReceiverServer otherNode =
        new ReceiverServer(SMALL, "127.0.0.1", folder.resolve("other"), cluster)) {
      RawSender first = welcomed();
      try (RawSender second = new RawSender(otherNode.port()).opening(Opening.OURS)) {
        second.hear();
        second.say(hello(source, 3, 1));
        assertThat(second.hear()).isInstanceOf(Frame.Welcome.class);
        first.say(new Frame.Passed(0, 5, 77));
        assertThat(first.hear()).isEqualTo(new Frame.Applied(5));
        assertRefused(first, Refusal.SHAKE_AGAIN);
        assertThat(cluster.ledgers().get(0).position()).isZero();
      }
    }
  }

  @Test
  void nothingASenderNamesBecomesAPath() throws Exception {
    Frame.Hello tricky =
        new Frame.Hello(source, "../../p", 3, 5, "root.`../../x`", 0, false, 1, LINEAGE, 100);
    RawSender sender = opened().say(tricky);
    assertThat(sender.hear()).isInstanceOf(Frame.Welcome.class);
    sender.say(new Frame.FileBegin(0, 5, 77, 100, 0));
    assertThat(sender.hear()).isEqualTo(new Frame.FileAccept(5, 0));
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .allMatch(file -> file.getParent().equals(folder.resolve("staging")));
    }
    sender.close();
  }

  /** Not only closed: the sender would take that for a broken network and say so. */
  @Test
  void whoIsTakenOffTheWhiteListIsToldSoOnTheLivingConnection() throws Exception {
    RawSender sender = welcomed();
    server.receiver().replaceWhiteList(WhiteList.parse("10.0.0.0/8"));
    assertThat(sender.hear())
        .isEqualTo(
            new Frame.Refused(Refusal.WHITE_LIST, "127.0.0.1 is not on the receiver's white list"));
    assertThat(sender.hear()).isNull();
    assertThat(server.receiver().refuses("127.0.0.1")).isTrue();
    assertThat(server.receiver().refuses("10.1.2.3")).isFalse();
    sender.close();
    assertRefused(new RawSender(server.port()).opening(Opening.OURS), Refusal.WHITE_LIST);
  }

  @Test
  void aRefusalIsSaidOnceAMinuteAndAnewAfterTheListChanged() {
    AtomicLong nowMs = new AtomicLong(5);
    RefusalLog log = new RefusalLog(nowMs::get);
    assertThat(log.isNews("10.0.0.1 is not")).isTrue();
    assertThat(log.isNews("10.0.0.1 is not")).isFalse();
    assertThat(log.isNews("10.0.0.2 is not")).isTrue();
    nowMs.addAndGet(RefusalLog.REPEAT_MS);
    assertThat(log.isNews("10.0.0.1 is not")).isTrue();
    log.forgetAll();
    assertThat(log.isNews("10.0.0.1 is not")).isTrue();
  }
}
