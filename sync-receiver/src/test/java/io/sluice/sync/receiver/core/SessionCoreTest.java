package io.sluice.sync.receiver.core;

import static io.sluice.sync.receiver.core.SessionScript.DONE;
import static io.sluice.sync.receiver.core.SessionScript.HERE;
import static io.sluice.sync.receiver.core.SessionScript.LENGTH;
import static io.sluice.sync.receiver.core.SessionScript.ONE;
import static io.sluice.sync.receiver.core.SessionScript.SESSION;
import static io.sluice.sync.receiver.core.SessionScript.SOURCE;
import static io.sluice.sync.receiver.core.SessionScript.file;
import static io.sluice.sync.receiver.core.SessionScript.hello;
import static io.sluice.sync.receiver.core.SessionScript.leave;
import static io.sluice.sync.receiver.core.SessionScript.refused;
import static io.sluice.sync.receiver.core.SessionScript.release;
import static io.sluice.sync.receiver.core.SessionScript.send;
import static io.sluice.sync.receiver.core.SessionScript.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionEffect.HeedNotice;
import io.sluice.sync.receiver.core.SessionEffect.WriteLedger;
import io.sluice.sync.receiver.core.SessionEvent.DeviceShared;
import io.sluice.sync.receiver.core.SessionEvent.Disconnected;
import io.sluice.sync.receiver.core.SessionEvent.Failed;
import io.sluice.sync.receiver.core.SessionEvent.LedgerLost;
import io.sluice.sync.receiver.core.SessionEvent.LedgerWritten;
import io.sluice.sync.receiver.core.SessionEvent.NoticeHeeded;
import io.sluice.sync.receiver.core.SessionEvent.RoomAgain;
import io.sluice.sync.receiver.core.SessionEvent.Superseded;
import io.sluice.sync.receiver.core.SessionEvent.Tick;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which frame is allowed when, how a session ends, what it still does after that. */
class SessionCoreTest {
  private static final Frame.Notice STOP = notice(SOURCE);

  private final SessionScript session = SessionScript.open();
  private final SessionScript greeted = new SessionScript();

  private static Frame.Notice notice(Source source) {
    return new Frame.Notice(source, 3, "root.a", Frame.Notice.What.STOP);
  }

  @Test
  void handsAreShakenThenTheSenderIsToldWhereToStart() {
    assertThat(greeted.hear(hello())).containsExactly(new SessionEffect.Open(hello()));
    assertThat(greeted.on(SessionScript.opened(Map.of())))
        .containsExactly(send(new Frame.Welcome(SESSION, 0, false, List.of())));
  }

  @Test
  void aHandshakeThatFailsEndsTheSession() {
    greeted.hear(hello());
    assertThat(greeted.on(new Failed(Refusal.OLD_PIPE, "dropped")))
        .containsExactly(refused(Refusal.OLD_PIPE, "dropped"), leave());
    assertThat(greeted.hear(hello())).isEmpty();
    assertThat(greeted.on(new Disconnected())).as("it has no ledger").isEmpty();
  }

  @Test
  void nothingButHelloAndNoticeComesFirst() {
    assertThat(greeted.hear(file(0, 5)))
        .containsExactly(refused(Refusal.PROTOCOL, "FileBegin before HELLO"), leave());
    assertThat(session.hear(hello()))
        .containsExactly(refused(Refusal.PROTOCOL, "a second HELLO"), leave());
  }

  @Test
  void aHelloIsLookedAtBeforeAnythingIsRead() {
    Source ours = new Source(HERE, new UUID(5, 6));
    assertThat(greeted.hear(hello("p", ours, 1)))
        .containsExactly(
            refused(Refusal.SAME_CLUSTER, "sender and receiver are one cluster, " + HERE), leave());
    assertThat(new SessionScript().hear(hello("p".repeat(4_097), SOURCE, 1)))
        .containsExactly(refused(Refusal.PROTOCOL, "a name of more than 4096 characters"), leave());
    assertThat(new SessionScript().hear(hello("p", SOURCE, 2)))
        .containsExactly(refused(Refusal.PRECISION, "time stamp precision 2, ours is ms"), leave());
  }

  @Test
  void aSessionIsOverOnceAnotherFeedsFromItsSource() {
    session.admit(0, 5, 10);
    assertThat(session.on(new Superseded()))
        .containsExactly(
            refused(Refusal.SHAKE_AGAIN, "the source is fed over another connection"),
            leave(),
            release(5));
    assertThat(session.on(new Superseded())).isEmpty();
    assertThat(SessionScript.open().on(new LedgerLost("another session feeds from this source")))
        .containsExactly(
            refused(Refusal.SHAKE_AGAIN, "another session feeds from this source"), leave());
  }

  @Test
  void onlyTheFirstOfItsLastWordsIsSaid() {
    session.on(new Failed(Refusal.UNAVAILABLE, "staging: disk full"));
    assertThat(session.over()).isTrue();
    assertThat(session.on(new Failed(Refusal.UNAVAILABLE, "another"))).isEmpty();
    assertThat(session.on(new LedgerLost("another session feeds from this source"))).isEmpty();
    assertThat(session.on(new RoomAgain())).isEmpty();
    assertThat(session.on(new Tick())).isEmpty();
  }

  @Test
  void whatIsAppliedGoesIntoTheLedgerWhenTheConnectionIsGone() {
    assertThat(session.on(new Disconnected())).containsExactly(leave(), new WriteLedger());
    assertThat(session.on(new LedgerWritten())).isEmpty();
  }

  // ---------------------------------------------------------------- notices

  @Test
  void aNoticeAboutItsOwnSourceWaitsForTheLedgerAndEndsTheFeed() {
    session.admit(0, 5, 10);
    assertThat(session.hear(STOP)).containsExactly(new WriteLedger());
    assertThat(session.on(new LedgerWritten()))
        .containsExactly(leave(), release(5), new HeedNotice(STOP));
    assertThat(session.on(new NoticeHeeded(3))).containsExactly(send(new Frame.NoticeDone(3)));
    assertThat(session.hear(file(5, 9))).isEmpty();
  }

  /** Of a load that fails after the feed's end nobody is told. */
  @Test
  void aNoticesAnswerIsTheOnlyWordAfterIt() {
    session.loading(0, 5, ONE);
    session.hear(STOP);
    session.on(new LedgerWritten());
    assertThat(session.loaded(5, step(ONE, 0, 5), new LoadOutcome.Unavailable("away")))
        .containsExactly(release(5));
    assertThat(session.on(new NoticeHeeded(3))).containsExactly(send(new Frame.NoticeDone(3)));
  }

  @Test
  void aNoticeIsNotHeededWhileTheLedgerLacksWhatIsApplied() {
    session.hear(STOP);
    assertThat(session.on(new Failed(Refusal.UNAVAILABLE, "no leader")))
        .containsExactly(refused(Refusal.UNAVAILABLE, "no leader"), leave());
    session.on(new Disconnected());
    assertThat(session.on(new LedgerWritten())).as("it is the sender's to say again").isEmpty();
  }

  @Test
  void aNoticeAboutAnotherSourceLeavesThisOneAlone() {
    Frame.Notice other = notice(new Source(new UUID(5, 5), new UUID(5, 7)));
    assertThat(greeted.hear(other)).containsExactly(new HeedNotice(other));
    assertThat(greeted.on(new NoticeHeeded(3))).containsExactly(send(new Frame.NoticeDone(3)));
    assertThat(session.hear(other)).containsExactly(new HeedNotice(other));
    assertThat(session.over()).isFalse();
  }

  // ---------------------------------------------------------------- shared devices

  @Test
  void aSenderThatKnowsTheWordIsToldOfDevicesThatOthersBring() {
    var shared = new SharedDevice("root.a.d", new UUID(6, 6));
    assertThat(session.on(new DeviceShared(shared)))
        .containsExactly(send(new Frame.Shared("root.a.d", new UUID(6, 6))));
    SessionScript old = new SessionScript(Opening.VERSION_SHARED - 1);
    old.hear(hello());
    old.on(SessionScript.opened(Map.of()));
    assertThat(old.on(new DeviceShared(shared))).isEmpty();
  }

  @Test
  void aSessionThatIsOverStillCountsWhatItsTargetsAnswer() {
    session.loading(0, 5, ONE);
    session.admit(5, 9, LENGTH);
    session.on(new Superseded());
    assertThat(session.on(new DeviceShared(new SharedDevice("root.a.d", HERE)))).isEmpty();
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).containsExactly(SessionScript.discard(5));
  }
}
