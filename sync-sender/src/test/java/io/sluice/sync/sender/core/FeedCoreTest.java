package io.sluice.sync.sender.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedEffect.Connect;
import io.sluice.sync.sender.core.FeedEffect.Disconnect;
import io.sluice.sync.sender.core.FeedEffect.Finished;
import io.sluice.sync.sender.core.FeedEffect.OpenNext;
import io.sluice.sync.sender.core.FeedEffect.Release;
import io.sluice.sync.sender.core.FeedEffect.SealSoon;
import io.sluice.sync.sender.core.FeedEffect.Send;
import io.sluice.sync.sender.core.FeedEffect.SendHello;
import io.sluice.sync.sender.core.FeedEffect.SendNotice;
import io.sluice.sync.sender.core.FeedEffect.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedCoreTest {
  private static final SyncSenderOptions OPTIONS =
      new SyncSenderOptions(2, 100, 1_000, 500, 3_000, 5_000, 20_000, 2, 1, 1);
  private static final UUID RECEIVER = new UUID(7, 7);

  private final FeedCore core =
      new FeedCore(OPTIONS, new UUID(1, 2), new Frame.Address("sink", 6667));
  private final List<FeedEffect> seen = new ArrayList<>();
  private long nowMs = 1_000;

  private List<FeedEffect> on(FeedEvent event) {
    List<FeedEffect> effects =
        core.step(event, nowMs).stream()
            .filter(effect -> !(effect instanceof FeedEffect.Log))
            .filter(effect -> !(effect instanceof FeedEffect.Learned))
            .toList();
    seen.addAll(effects);
    return effects;
  }

  private List<FeedEffect> hear(Frame.FromReceiver frame) {
    return on(new FeedEvent.Received(frame));
  }

  private OpenNext lastOpen() {
    return seen.stream()
        .filter(OpenNext.class::isInstance)
        .map(OpenNext.class::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private void connect() {
    on(new FeedEvent.Connected());
    hear(new Frame.Greeting(version, RECEIVER));
    assertThat(on(new FeedEvent.Claimed(RECEIVER, null))).containsExactly(new SendHello());
  }

  /** The receiver's. */
  private int version = 3;

  private List<FeedEffect> feedFrom(long start) {
    on(new FeedEvent.Run());
    connect();
    return hear(new Frame.Welcome(99, start, false, List.of()));
  }

  private List<FeedEffect> open(long start, long end, long lengthBytes) {
    return on(
        new FeedEvent.Opened(
            lastOpen().token(),
            start,
            end,
            1,
            0,
            Route.HERE,
            lengthBytes,
            5,
            Frame.Content.POINTS));
  }

  /** What pieces are cut by, and how they came here, is said once, before them. */
  @Test
  void whatHoldsForPiecesIsToldBeforeThem() {
    feedFrom(10);
    Route way = Route.of(new UUID(7, 7));
    FeedEvent.Opened first =
        new FeedEvent.Opened(lastOpen().token(), 10, 20, 1, 25, way, 9, 5, Frame.Content.POINTS);
    assertThat(on(first))
        .containsExactly(
            new Send(new Frame.CutBy(25)),
            new Send(new Frame.Via(way)),
            new Send(new Frame.FileBegin(10, 20, 1, 9, 5)),
            new OpenNext(2, 20));
    assertThat(on(new FeedEvent.OpenedEmpty(2, 20, 30, 1, 25)))
        .as("nothing new")
        .containsExactly(new Send(new Frame.Passed(20, 30, 1)));
  }

  /** It would take such a deletion for one of this cluster's own. */
  @Test
  void aReceiverOfAnEarlierVersionGetsNoDeletionThatWasPassedOn() {
    version = 2;
    feedFrom(10);
    long token = lastOpen().token();
    Route way = Route.of(new UUID(7, 7));
    assertThat(on(new FeedEvent.Opened(token, 10, 20, 1, 25, way, 9, 5, Frame.Content.DELETION)))
        .containsExactly(
            new Release(token), new Send(new Frame.Passed(10, 20, 1)), new OpenNext(2, 20));
  }

  @Test
  void rangesAreAnnouncedAheadStreamedInOrderAndReleasedWhenApplied() {
    assertThat(feedFrom(10)).containsExactly(new OpenNext(1, 10));
    assertThat(open(10, 20, 500))
        .containsExactly(new Send(new Frame.FileBegin(10, 20, 1, 500, 5)), new OpenNext(2, 20));
    assertThat(open(20, 30, 600))
        .as("the window of two is full")
        .containsExactly(new Send(new Frame.FileBegin(20, 30, 1, 600, 5)));
    assertThat(hear(new Frame.FileAccept(30, 0))).as("the first goes first").isEmpty();
    assertThat(hear(new Frame.FileAccept(20, 100))).containsExactly(new Stream(1, 100));
    assertThat(on(new FeedEvent.Streamed(1))).containsExactly(new Stream(2, 0));
    assertThat(core.position()).isEqualTo(10);
    assertThat(hear(new Frame.Applied(20))).containsExactly(new Release(1), new OpenNext(3, 30));
    assertThat(core.position()).isEqualTo(20);
  }

  @Test
  void aWholeFileAtTheReceiverIsNotStreamedAgain() {
    feedFrom(0);
    open(0, 5, 500);
    open(5, 9, 500);
    assertThat(hear(new Frame.FileAccept(5, 500))).isEmpty();
    assertThat(hear(new Frame.FileAccept(9, 0))).containsExactly(new Stream(2, 0));
  }

  @Test
  void anEmptyRangeIsPassedOnlyByTheReceiversWord() {
    feedFrom(0);
    assertThat(on(new FeedEvent.OpenedEmpty(1, 0, 5, 1, 0)))
        .containsExactly(new Send(new Frame.Passed(0, 5, 1)), new OpenNext(2, 5));
    assertThat(core.position()).isZero();
    hear(new Frame.Applied(5));
    assertThat(core.position()).isEqualTo(5);
  }

  @Test
  void anAcknowledgementOfWhatWasNotAnnouncedIsNotBelieved() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.Applied(900));
    assertThat(core.position()).isZero();
  }

  @Test
  void rowsInMemoryAreAskedForAndCaughtUpMeansNothingIsLeft() {
    feedFrom(0);
    assertThat(on(new FeedEvent.NoRange(1, 4))).containsExactly(new SealSoon());
    assertThat(core.caughtUp()).isFalse();
    assertThat(on(new FeedEvent.Advanced())).containsExactly(new OpenNext(2, 0));
    open(0, 4, 100);
    on(new FeedEvent.NoRange(3, 4));
    assertThat(core.caughtUp()).as("sent, not applied").isFalse();
    hear(new Frame.Applied(4));
    assertThat(core.caughtUp()).isTrue();
  }

  @Test
  void anAdvanceWhileAskingIsNotLost() {
    feedFrom(0);
    on(new FeedEvent.Advanced());
    assertThat(on(new FeedEvent.NoRange(1, 0))).containsExactly(new OpenNext(2, 0));
  }

  @Test
  void aLostConnectionStartsAgainFromTheHandshakeWithGrowingCappedDelays() {
    feedFrom(0);
    open(0, 5, 500);
    assertThat(on(new FeedEvent.Lost("cut"))).containsExactly(new Disconnect());
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      long from = nowMs;
      while (on(new FeedEvent.Tick()).isEmpty()) {
        nowMs += 10;
      }
      delays.add(nowMs - from);
      on(new FeedEvent.Lost("refused"));
    }
    assertThat(delays).containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
    nowMs += 1_000;
    assertThat(on(new FeedEvent.Tick()))
        .containsExactly(new Connect(new Frame.Address("sink", 6667)));
    connect();
    assertThat(hear(new Frame.Welcome(100, 0, false, List.of())))
        .as("from the receiver's word, not from memory")
        .hasSize(1)
        .first()
        .isInstanceOfSatisfying(OpenNext.class, open -> assertThat(open.index()).isZero());
  }

  @Test
  void whatWasOpenedForALostConnectionIsReleased() {
    feedFrom(0);
    on(new FeedEvent.Lost("cut"));
    assertThat(open(0, 5, 500)).containsExactly(new Release(1));
  }

  @Test
  void healthIsWarnFromTheFirstFailureErrorAfterTheRetriesAndNormalByItself() {
    on(new FeedEvent.Run());
    assertThat(core.health()).isEqualTo(Health.NORMAL);
    List<Health.Level> levels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      on(new FeedEvent.Lost("connection refused"));
      levels.add(core.health().level());
      nowMs += 1_000;
      on(new FeedEvent.Tick());
    }
    assertThat(levels)
        .containsExactly(
            Health.Level.WARN, Health.Level.WARN, Health.Level.ERROR, Health.Level.ERROR);
    assertThat(core.health().cause()).contains("connection refused");
    connect();
    hear(new Frame.Welcome(1, 0, false, List.of()));
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void aTransferThatFailsAgainAndAgainIsNotMadeNormalByItsHandshakes() {
    feedFrom(0);
    for (int i = 0; i < 3; i++) {
      hear(new Frame.Refused(Refusal.UNAVAILABLE, "no leader"));
      nowMs += 1_000;
      on(new FeedEvent.Tick());
      connect();
      hear(new Frame.Welcome(1, 0, false, List.of()));
    }
    assertThat(core.health().level()).isEqualTo(Health.Level.ERROR);
    open(0, 5, 100);
    hear(new Frame.Applied(5));
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void aRefusalThatNeedsAPersonIsAnErrorAtOnce() {
    on(new FeedEvent.Run());
    on(new FeedEvent.Connected());
    hear(new Frame.Refused(Refusal.WHITE_LIST, "10.0.0.1 is not on it"));
    assertThat(core.health())
        .isEqualTo(new Health(Health.Level.ERROR, "REFUSED: 10.0.0.1 is not on it"));
  }

  @Test
  void withNoRetriesTheFirstFailureIsAnError() {
    core.retriesMax(0);
    on(new FeedEvent.Run());
    on(new FeedEvent.Lost("no route"));
    assertThat(core.health().level()).isEqualTo(Health.Level.ERROR);
  }

  @Test
  void silenceIsALostConnectionAndPingsKeepItAlive() {
    feedFrom(0);
    on(new FeedEvent.NoRange(1, 0));
    for (int i = 0; i < 30; i++) {
      nowMs += 500;
      assertThat(on(new FeedEvent.Tick())).contains(new Send(new Frame.Ping(nowMs)));
      hear(new Frame.Pong(nowMs));
    }
    nowMs += 5_000;
    assertThat(on(new FeedEvent.Tick())).contains(new Disconnect());
    assertThat(core.health().cause()).contains("no answer");
  }

  @Test
  void stopAndDropAreToldToTheReceiverAsSoonAsItCanBeReached() {
    feedFrom(0);
    assertThat(on(new FeedEvent.Stop())).containsExactly(new SendNotice(Frame.Notice.What.STOP));
    on(new FeedEvent.Lost("cut"));
    assertThat(core.health()).as("a stopped pipe is well").isEqualTo(Health.NORMAL);
    nowMs += 1_000;
    on(new FeedEvent.Tick());
    on(new FeedEvent.Drop());
    on(new FeedEvent.Connected());
    assertThat(hear(new Frame.Greeting(1, RECEIVER)))
        .containsExactly(new SendNotice(Frame.Notice.What.DROP));
    assertThat(hear(new Frame.NoticeDone(1))).containsExactly(new Disconnect(), new Finished());
    nowMs += 100_000;
    assertThat(on(new FeedEvent.Tick())).isEmpty();
  }

  @Test
  void aStartDuringTheNoticeFeedsAgain() {
    feedFrom(0);
    on(new FeedEvent.Stop());
    on(new FeedEvent.Run());
    assertThat(hear(new Frame.NoticeDone(1))).hasAtLeastOneElementOfType(Connect.class);
    connect();
  }

  @Test
  void anotherPipeOfTheSameRegionAndClusterIsNamed() {
    on(new FeedEvent.Run());
    on(new FeedEvent.Connected());
    hear(new Frame.Greeting(1, RECEIVER));
    on(new FeedEvent.Claimed(RECEIVER, "older"));
    assertThat(core.health().level()).isEqualTo(Health.Level.ERROR);
    assertThat(core.health().cause()).contains("older");
  }

  @Test
  void aPartedLineageShowsAsWarnWhileItsSessionLasts() {
    on(new FeedEvent.Run());
    connect();
    hear(new Frame.Welcome(1, 3, true, List.of()));
    assertThat(core.health().level()).isEqualTo(Health.Level.WARN);
    on(new FeedEvent.Lost("cut"));
    nowMs += 1_000;
    on(new FeedEvent.Tick());
    connect();
    hear(new Frame.Welcome(2, 9, false, List.of()));
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void aReceiverThatSpeaksButNeverAnswersAPieceIsTrouble() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.FileAccept(5, 0));
    on(new FeedEvent.Streamed(1));
    speakFor(19_000);
    assertThat(core.health()).isEqualTo(Health.NORMAL);
    speakFor(1_500);
    assertThat(core.health().cause()).contains("sink:6667 is there, but nothing").contains("5");
    assertThat(core.health().level()).isEqualTo(Health.Level.WARN);
  }

  @Test
  void aHandshakeThatIsNeverAnsweredIsTrouble() {
    on(new FeedEvent.Run());
    connect();
    speakFor(20_500);
    assertThat(core.health().cause()).contains("has not answered the handshake");
  }

  @Test
  void aSlowFileThatGetsOnAndAReceiverThatAsksForPatienceAreNoTrouble() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.FileAccept(5, 0));
    for (int i = 0; i < 10; i++) {
      speakFor(10_000);
      on(new FeedEvent.Sent(10));
    }
    on(new FeedEvent.Streamed(1));
    for (int i = 0; i < 10; i++) {
      speakFor(10_000);
      hear(new Frame.Wait());
    }
    assertThat(core.health()).isEqualTo(Health.NORMAL);
    hear(new Frame.Applied(5));
    speakFor(100_000);
    assertThat(core.health()).as("nothing to do is no lack of progress").isEqualTo(Health.NORMAL);
    assertThat(core.bytesPerSecond()).isZero();
  }

  private void speakFor(long ms) {
    for (long untilMs = nowMs + ms; nowMs < untilMs; nowMs += 500) {
      hear(new Frame.Pong(0));
      on(new FeedEvent.Tick());
    }
  }

  @Test
  void aRunningPipeThatNeverConnectedIsNotConnected() {
    on(new FeedEvent.Run());
    assertThat(core.connected()).isFalse();
    assertThat(core.appliedAtMs()).isZero();
    assertThat(core.caughtUpAtMs()).isZero();
    assertThat(core.lastTrouble()).isNull();
  }

  private static final List<SeriesConflict> REFUSED =
      List.of(new SeriesConflict("root.a.d", "s", "INT32, not FLOAT"));

  @Test
  void refusedSeriesAreWrittenDownAndTheRestGoesOnAtOnceUnderWarn() {
    feedFrom(0);
    open(0, 5, 500);
    open(5, 9, 500);
    assertThat(hear(new Frame.Conflict(5, REFUSED)))
        .containsExactly(new Disconnect(), new FeedEffect.HoldBack(5, REFUSED));
    on(new FeedEvent.Tick());
    on(new FeedEvent.Holding(1));
    assertThat(on(new FeedEvent.HeldBack(1))).hasOnlyElementsOfType(Connect.class);
    assertThat(core.health().level()).isEqualTo(Health.Level.WARN);
    connect();
    hear(new Frame.Welcome(100, 0, false, List.of()));
    open(0, 5, 400);
    hear(new Frame.Applied(5));
    assertThat(core.position()).isEqualTo(5);
    assertThat(core.health().level()).as("while it is held back").isEqualTo(Health.Level.WARN);
    assertThat(core.health().cause()).contains("1 series held back");
    on(new FeedEvent.Holding(0));
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void whatIsLeftOutAlreadyAndRefusedAgainIsTriedWithGrowingDelays() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.Conflict(5, REFUSED));
    assertThat(on(new FeedEvent.HeldBack(0))).doesNotHaveAnyElementsOfTypes(Connect.class);
    assertThat(core.health().cause()).contains("root.a.d.s: INT32, not FLOAT");
    nowMs += 150;
    assertThat(on(new FeedEvent.Tick())).hasOnlyElementsOfType(Connect.class);
  }

  @Test
  void withoutAnythingWrittenDownNothingIsLeftOut() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.Conflict(5, REFUSED));
    on(new FeedEvent.HoldFailed("no leader"));
    assertThat(core.health().cause()).contains("no leader");
    assertThat(core.position()).isZero();
  }

  @Test
  void aPipeThatIsStoppedWhileSeriesAreWrittenDownTellsItsReceiverThen() {
    feedFrom(0);
    open(0, 5, 500);
    hear(new Frame.Conflict(5, REFUSED));
    assertThat(on(new FeedEvent.Stop())).isEmpty();
    assertThat(on(new FeedEvent.HeldBack(1))).hasOnlyElementsOfType(Connect.class);
    on(new FeedEvent.Connected());
    assertThat(hear(new Frame.Greeting(1, RECEIVER)))
        .containsExactly(new SendNotice(Frame.Notice.What.STOP));
  }

  @Test
  void aDatabaseThatCannotBeMadeIsWarnAndIsSaid() {
    on(new FeedEvent.Run());
    connect();
    hear(new Frame.Refused(Refusal.DATABASE, "root.a.b is one"));
    assertThat(core.health()).isEqualTo(new Health(Health.Level.WARN, "DATABASE: root.a.b is one"));
    assertThat(core.databaseRefused()).isTrue();
    nowMs += 10_000;
    on(new FeedEvent.Tick());
    connect();
    hear(new Frame.Welcome(1, 0, false, List.of()));
    assertThat(core.databaseRefused()).isFalse();
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void aReceiverThatCannotBeToldOfADropIsTriedNowAndThen() {
    on(new FeedEvent.Drop());
    long tries = 0;
    long untilMs = nowMs + 3_600_000;
    while (nowMs < untilMs) {
      on(new FeedEvent.Lost("refused"));
      while (!on(new FeedEvent.Tick()).stream().anyMatch(Connect.class::isInstance)) {
        nowMs += 100;
      }
      tries++;
    }
    assertThat(tries).isBetween(100L, 200L);
    on(new FeedEvent.Connected());
    assertThat(hear(new Frame.Greeting(1, RECEIVER)))
        .containsExactly(new SendNotice(Frame.Notice.What.DROP));
    assertThat(hear(new Frame.NoticeDone(1))).contains(new Finished());
  }
}
