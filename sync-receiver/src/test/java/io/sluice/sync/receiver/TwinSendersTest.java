package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two senders made from one image: a receiver tells them apart by their logs. */
class TwinSendersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Lineage FIRST = Lineage.EMPTY.with(1, 77);

  /** Of one that was started from a copy made at index 49. */
  private static final Lineage SECOND = FIRST.with(50, 88);

  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(2);
  private final Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
  private ReceiverServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new ReceiverServer(ReceiverServer.OPTIONS, "127.0.0.1", folder.resolve("staging"), cluster);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawSender helloed(Lineage lineage, long logEnd) throws Exception {
    RawSender sender = new RawSender(server.port()).opening(Opening.OURS);
    assertThat(sender.hear()).isInstanceOf(Frame.Greeting.class);
    return sender.say(new Frame.Hello(source, "p", 3, 5, "root.a", 0, false, 1, lineage, logEnd));
  }

  private static Frame.Welcome welcome(RawSender sender) throws Exception {
    Frame answer = sender.hear();
    assertThat(answer).isInstanceOf(Frame.Welcome.class);
    return (Frame.Welcome) answer;
  }

  private static String twin(RawSender sender) throws Exception {
    Frame answer = sender.hear();
    assertThat(answer).isInstanceOf(Frame.Refused.class);
    assertThat(((Frame.Refused) answer).code()).isEqualTo(Refusal.TWIN);
    return ((Frame.Refused) answer).text();
  }

  private void passes(RawSender sender, long from, long to, Lineage lineage) throws Exception {
    sender.say(new Frame.Passed(from, to, lineage.numberAt(to)));
    assertThat(sender.hear()).isEqualTo(new Frame.Applied(to));
    await().atMost(PATIENCE).until(() -> cluster.ledgers().get(0).position() == to);
  }

  /** Seen to fail when a living sender is superseded by whoever comes with its name. */
  @Test
  void theSecondIsToldOfBothWhileTheFirstGoesOn() throws Exception {
    try (RawSender first = helloed(FIRST, 100)) {
      assertThat(welcome(first).parted()).isFalse();
      passes(first, 0, 100, FIRST);
      try (RawSender second = helloed(SECOND, 120)) {
        assertThat(twin(second)).contains(first.address(), second.address());
      }
      passes(first, 100, 110, FIRST);
    }
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (RawSender second = helloed(SECOND, 120)) {
                Frame.Welcome alone = welcome(second);
                assertThat(alone.parted()).isTrue();
                assertThat(alone.start()).isEqualTo(49);
              }
            });
  }

  @Test
  void aSenderThatComesBackOverAnotherConnectionIsNoTwin() throws Exception {
    try (RawSender before = helloed(FIRST, 100)) {
      welcome(before);
      passes(before, 0, 100, FIRST);
      try (RawSender after = helloed(FIRST.with(101, 99), 105)) {
        assertThat(welcome(after).parted()).isFalse();
        passes(after, 100, 105, FIRST.with(101, 99));
      }
    }
  }

  @Test
  void whomALaterLeaderHasSucceededIsToldOfBoth() throws Exception {
    try (RawSender later = helloed(SECOND, 120)) {
      welcome(later);
      passes(later, 0, 120, SECOND);
    }
    await().atMost(PATIENCE).until(() -> server.receiver().connections() == 0);
    try (RawSender former = helloed(FIRST, 130)) {
      assertThat(former.hear())
          .isInstanceOfSatisfying(
              Frame.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(Refusal.SHAKE_AGAIN);
                assertThat(refused.text()).contains("127.0.0.1, a later leader", former.address());
              });
    }
  }

  /** Each is alone when it comes, as with two nodes of a receiver that are asked in turn. */
  @Test
  void whoPartsAgainAndAgainIsToldOfBoth() throws Exception {
    String text = null;
    Lineage[] lineages = {FIRST.with(50, 66), SECOND};
    for (int i = 0; i < 6 && text == null; i++) {
      Lineage lineage = lineages[i % 2];
      try (RawSender sender = helloed(lineage, 200)) {
        Frame answer = sender.hear();
        if (answer instanceof Frame.Refused refused) {
          assertThat(refused.code()).isEqualTo(Refusal.TWIN);
          text = refused.text();
        } else {
          passes(sender, ((Frame.Welcome) answer).start(), 150, lineage);
        }
      }
      await().atMost(PATIENCE).until(() -> server.receiver().connections() == 0);
    }
    assertThat(text).contains("two senders with one cluster id: 127.0.0.1 and 127.0.0.1:");
  }
}
