package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SinkTerms;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.port.FakeSourceRegion;
import io.sluice.sync.sender.port.FakeSourceRegions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Senders that name a user, and receivers that ask for one. */
class SenderCredentialsTest {
  private static final SyncSenderOptions FAST =
      new SyncSenderOptions(2, 5, 50, 200, 5_000, 5_000, 10_000, 4, 1, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final FakeSourceRegions regions = new FakeSourceRegions();
  private final FakeTargetCluster cluster = new FakeTargetCluster(1);
  private final FakeUsers users = new FakeUsers();
  private final List<AutoCloseable> toClose = new ArrayList<>();

  private static final class FakeUsers implements SenderUsers {
    final Map<String, Verifier> verifiers = new ConcurrentHashMap<>();
    volatile boolean required;
    volatile long waitMs;

    void set(String user, String password) {
      verifiers.put(user, Verifier.of(PasswordKey.of(user, password), new SecureRandom()));
    }

    @Override
    public boolean required() {
      return required;
    }

    @Override
    public Optional<Verifier> verifier(String user) {
      return Optional.ofNullable(verifiers.get(user));
    }

    @Override
    public boolean holds(String user, Verifier verifier) {
      return verifier.equals(verifiers.get(user));
    }

    @Override
    public long waitMs(String user, String address) {
      return waitMs;
    }

    @Override
    public void proved(String user, String address, boolean right) {
      // the brake has tests of its own
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private ReceiverServer receiver() throws Exception {
    ReceiverServer server =
        new ReceiverServer(
            ReceiverServer.OPTIONS, "127.0.0.1", folder.resolve("staging"), cluster, users);
    toClose.add(server);
    return server;
  }

  private static PipeSpec pipe(ReceiverServer server, String user, String password) {
    SinkCredentials credentials =
        user == null ? null : new SinkCredentials(user, PasswordKey.of(user, password));
    return new PipeSpec(
        "p",
        1,
        "127.0.0.1",
        server.port(),
        1_000,
        0,
        false,
        new SinkTerms(credentials, Compression.NONE, 0));
  }

  private SyncSender started(ReceiverServer server, String user, String password) {
    SyncSender sender = new SyncSender(FAST, regions, MonotonicClock.SYSTEM);
    toClose.add(sender);
    sender.start(pipe(server, user, password));
    return sender;
  }

  private void fill() {
    FakeSourceRegion region = regions.add("root.a", folder);
    region.write("root.a.d", 1, "v");
    region.seal();
  }

  private void awaitError(SyncSender sender, String... parts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(sender.health(1).level()).isEqualTo(Health.Level.ERROR);
              assertThat(sender.health(1).cause()).contains(parts);
            });
    assertThat(cluster.points()).isEmpty();
  }

  private void awaitArrived(SyncSender sender) {
    await().atMost(PATIENCE).until(() -> cluster.points().size() == 1);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @Test
  void whoKnowsThePasswordIsLetIn() throws Exception {
    users.set("edge", "secret");
    users.required = true;
    fill();
    awaitArrived(started(receiver(), "edge", "secret"));
  }

  @Test
  void aWrongPasswordIsAnErrorWithItsCauseUntilItIsMended() throws Exception {
    users.set("edge", "secret");
    fill();
    SyncSender sender = started(receiver(), "edge", "guess");
    awaitError(sender, "user 'edge'", "127.0.0.1", "wrong user name or password");
    users.set("edge", "guess");
    awaitArrived(sender);
  }

  /** ALTER PIPESINK, without STOP and START. */
  @Test
  void aSinkThatIsGivenTheRightPasswordGoesOnByItself() throws Exception {
    users.set("edge", "secret");
    fill();
    ReceiverServer server = receiver();
    SyncSender sender = started(server, "edge", "guess");
    awaitError(sender, "wrong user name or password");
    sender.start(pipe(server, "edge", "secret"));
    awaitArrived(sender);
  }

  @Test
  void aDroppedUserAndARequirementSendLivingSendersAway() throws Exception {
    users.set("edge", "secret");
    users.set("other", "secret");
    FakeSourceRegion region = regions.add("root.a", folder);
    ReceiverServer server = receiver();
    SyncSender named = started(server, "edge", "secret");
    await().atMost(PATIENCE).until(() -> !cluster.ledgers().isEmpty());
    users.verifiers.remove("edge");
    awaitError(named, "user 'edge'", "127.0.0.1");
    named.start(pipe(server, null, null));
    await().atMost(PATIENCE).until(() -> named.health(1).equals(Health.NORMAL));
    users.required = true;
    awaitError(named, "sync_require_credentials=true");
    named.start(pipe(server, "other", "secret"));
    region.write("root.a.d", 1, "v");
    region.seal();
    awaitArrived(named);
  }

  @Test
  void anUnknownUserIsRefusedInTheSameWords() throws Exception {
    fill();
    SyncSender sender = started(receiver(), "nobody", "x");
    awaitError(sender, "user 'nobody'", "wrong user name or password");
  }

  @Test
  void withoutAUserTheWhiteListIsEnoughUnlessOneIsRequired() throws Exception {
    users.required = true;
    fill();
    SyncSender sender = started(receiver(), null, null);
    awaitError(sender, "127.0.0.1", "sync_require_credentials=true");
    users.required = false;
    awaitArrived(sender);
  }

  @Test
  void afterTooManyWrongProofsNoMoreAreLookedAt() throws Exception {
    users.set("edge", "secret");
    users.waitMs = 5_000;
    fill();
    SyncSender sender = started(receiver(), "edge", "secret");
    awaitError(sender, "too many wrong proofs");
    users.waitMs = 0;
    awaitArrived(sender);
  }

  private static Frame.Hello hello() {
    return new Frame.Hello(
        new Source(UUID.randomUUID(), UUID.randomUUID()),
        "p",
        3,
        5,
        "root.a",
        0,
        false,
        1,
        Lineage.EMPTY.with(1, 77),
        100);
  }

  private static void assertRefused(RawSender sender, String part) throws Exception {
    assertThat(sender.hear())
        .isInstanceOfSatisfying(
            Frame.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(Refusal.CREDENTIALS);
              assertThat(refused.text()).contains(part);
            });
    sender.close();
  }

  /** A sender of an earlier release is greeted in its version, and told what it lacks. */
  @Test
  void anOlderSenderIsServedAndWhereAUserIsRequiredToldInWords() throws Exception {
    ReceiverServer server = receiver();
    try (RawSender old = new RawSender(server.port()).opening(new Opening(1, 1))) {
      assertThat(old.hear()).isEqualTo(new Frame.Greeting(1, cluster.clusterId()));
      assertThat(old.say(hello()).hear()).isInstanceOf(Frame.Welcome.class);
    }
    users.required = true;
    RawSender old = new RawSender(server.port()).opening(new Opening(1, 1));
    old.hear();
    assertRefused(old.say(hello()), "sync protocol 1 does not know: bring it up to date");
  }

  /** Naming a user and not proving it is not the same as naming none. */
  @Test
  void aHelloBetweenChallengeAndProofIsRefused() throws Exception {
    users.set("edge", "secret");
    RawSender sender = new RawSender(receiver().port()).opening(Opening.OURS);
    sender.hear();
    sender.say(new Frame.Identify("edge", SecretBytes.of(new byte[24])));
    assertThat(sender.hear())
        .isInstanceOfSatisfying(
            Frame.ProofWanted.class,
            wanted -> assertThat(wanted.salt()).isEqualTo(users.verifiers.get("edge").salt()));
    assertRefused(sender.say(hello()), "needs a user and password");
  }

  /** Dropping a pipe's traces is not for everybody either. */
  @Test
  void aNoticeNeedsAUserTooWhereOneIsRequired() throws Exception {
    users.required = true;
    RawSender sender = new RawSender(receiver().port()).opening(Opening.OURS);
    sender.hear();
    Frame.Notice notice =
        new Frame.Notice(
            new Source(UUID.randomUUID(), UUID.randomUUID()), 3, "root.a", Frame.Notice.What.DROP);
    assertRefused(sender.say(notice), "needs a user and password");
  }

  @Test
  void namesThatAreNotKnownLookLikeOthers() throws Exception {
    ReceiverServer server = receiver();
    List<Frame> challenges = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (RawSender sender = new RawSender(server.port()).opening(Opening.OURS)) {
        sender.hear();
        sender.say(new Frame.Identify("nobody", SecretBytes.of(new byte[24])));
        challenges.add(sender.hear());
      }
    }
    assertThat(challenges)
        .extracting(frame -> ((Frame.ProofWanted) frame).salt())
        .satisfies(salts -> assertThat(salts.get(0)).isEqualTo(salts.get(1)));
  }
}
