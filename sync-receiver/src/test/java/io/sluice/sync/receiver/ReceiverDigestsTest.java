package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask a receiver what it holds, and of what. */
class ReceiverDigestsTest {
  private static final DigestPart PART = new DigestPart("root.a.d", List.of("s"));
  private static final TimeSpan SPAN = new TimeSpan(3, 9);

  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(2);
  private final Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
  private final Frame.Asker asker = new Frame.Asker(source, 1, "root.a");
  private ReceiverServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new ReceiverServer(
            SyncReceiverOptions.DEFAULT, "127.0.0.1", folder.resolve("staging"), cluster);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawSender opened(Opening opening) throws Exception {
    RawSender sender = new RawSender(server.port()).opening(opening);
    assertThat(sender.hear()).isInstanceOf(Frame.Greeting.class);
    return sender;
  }

  private void feed() throws Exception {
    Lineage lineage = Lineage.EMPTY.with(1, 77);
    RawSender sender =
        opened(Opening.OURS)
            .say(new Frame.Hello(source, "p", 1, 5, "root.a", 0, false, 1, lineage, 100));
    assertThat(sender.hear()).isInstanceOf(Frame.Welcome.class);
    sender.close();
  }

  private static Frame.DigestsWanted wanted(Frame.Asker asker, DigestPart part) {
    return new Frame.DigestsWanted(asker, List.of(new DigestSpans(part, List.of(SPAN))));
  }

  private static void assertRefused(RawSender sender, String why) throws Exception {
    assertThat(sender.hear())
        .isInstanceOfSatisfying(
            Frame.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(Refusal.PROTOCOL);
              assertThat(refused.text()).contains(why);
            });
    sender.close();
  }

  @Test
  void whoHasFedHereIsAnsweredWithoutAHandshake() throws Exception {
    feed();
    RawSender sender = opened(Opening.OURS).say(wanted(asker, PART));
    assertThat(sender.hear()).isEqualTo(new Frame.Digests(List.of(new RangeHash(1, 3, 9))));
    sender.say(new Frame.RowsWanted(asker, PART, SPAN));
    assertThat(sender.hear())
        .isEqualTo(
            new Frame.Rows(new RowPage(List.of(new RowDigest(3, 1), new RowDigest(9, 2)), true)));
    sender.close();
  }

  @Test
  void aSourceThatNeverFedHereLearnsNothing() throws Exception {
    assertRefused(opened(Opening.OURS).say(wanted(asker, PART)), "ever fed here");
    feed();
    Source other = new Source(source.clusterId(), UUID.randomUUID());
    Frame.Asker stranger = new Frame.Asker(other, 1, "root.a");
    assertRefused(opened(Opening.OURS).say(wanted(stranger, PART)), "ever fed here");
  }

  @Test
  void otherDatabasesAreNotShown() throws Exception {
    feed();
    DigestPart foreign = new DigestPart("root.ab.d", List.of("s"));
    assertRefused(opened(Opening.OURS).say(wanted(asker, foreign)), "not of database root.a");
    assertRefused(
        opened(Opening.OURS).say(new Frame.RowsWanted(asker, foreign, SPAN)),
        "not of database root.a");
  }

  @Test
  void version1KnowsNoQuestions() throws Exception {
    feed();
    assertRefused(opened(new Opening(1, 1)).say(wanted(asker, PART)), "version 2");
  }
}
