package io.sluice.sync.receiver.core;

import static io.sluice.sync.receiver.core.SessionScript.DONE;
import static io.sluice.sync.receiver.core.SessionScript.LENGTH;
import static io.sluice.sync.receiver.core.SessionScript.ONE;
import static io.sluice.sync.receiver.core.SessionScript.TWO;
import static io.sluice.sync.receiver.core.SessionScript.accept;
import static io.sluice.sync.receiver.core.SessionScript.applied;
import static io.sluice.sync.receiver.core.SessionScript.discard;
import static io.sluice.sync.receiver.core.SessionScript.file;
import static io.sluice.sync.receiver.core.SessionScript.leave;
import static io.sluice.sync.receiver.core.SessionScript.load;
import static io.sluice.sync.receiver.core.SessionScript.record;
import static io.sluice.sync.receiver.core.SessionScript.refused;
import static io.sluice.sync.receiver.core.SessionScript.release;
import static io.sluice.sync.receiver.core.SessionScript.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionEvent.Disconnected;
import io.sluice.sync.receiver.core.SessionEvent.NotSplit;
import io.sluice.sync.receiver.core.SessionEvent.Split;
import io.sluice.sync.receiver.core.SessionEvent.SplitFailed;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What targets make of a piece, and what comes of that. */
class PieceLoadTest {
  private static final SeriesConflict TEMPERATURE =
      new SeriesConflict("root.a.d", "temperature", "FLOAT there, INT32 here");
  private static final SeriesConflict PRESSURE =
      new SeriesConflict("root.a.e", "pressure", "aligned there");

  private final SessionScript session = SessionScript.open();

  private static LoadOutcome conflict(SeriesConflict... series) {
    return new LoadOutcome.Conflict(List.of(series));
  }

  @Test
  void aPieceIsAcknowledgedWhenItsLastTargetHasIt() {
    assertThat(session.loading(0, 5, ONE, TWO))
        .containsExactly(load(5, step(ONE, 0, 5), step(TWO, 0, 5)));
    assertThat(session.loaded(5, step(TWO, 0, 5), DONE)).isEmpty();
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).containsExactly(discard(5), applied(5));
  }

  @Test
  void eachTargetIsExpectedToHaveWhatItGotLast() {
    session.loading(0, 5, ONE);
    session.loaded(5, step(ONE, 0, 5), DONE);
    assertThat(session.loading(5, 9, ONE, TWO))
        .containsExactly(load(9, step(ONE, 5, 9), step(TWO, 0, 9)));
  }

  @Test
  void aPieceThatNoTargetWantsIsAppliedAtOnce() {
    assertThat(session.loading(0, 5)).containsExactly(load(5), discard(5), applied(5));
    SessionScript again = SessionScript.openWith(Map.of(ONE, record(7)));
    assertThat(again.loading(0, 5, ONE))
        .as("a part that is not needed is handed to nobody")
        .containsExactly(load(5), discard(5), applied(5));
  }

  @Test
  void aRegionThatCameSinceTheHandshakeGetsNothingFromThisSession() {
    session.admit(0, 5, LENGTH);
    session.finished(5);
    session.admit(5, 9, 0);
    assertThat(session.on(new Split(5, List.of(ONE, new UUID(0, 3)))))
        .containsExactly(
            load(5),
            refused(Refusal.SHAKE_AGAIN, "the regions of the database have changed"),
            release(9),
            release(5),
            leave());
  }

  @Test
  void whatCannotBeSplitEndsTheSession() {
    session.whole(0, 5);
    assertThat(session.on(new SplitFailed(5, Refusal.DAMAGED, "no file of ours")))
        .containsExactly(refused(Refusal.DAMAGED, "no file of ours"), release(5), leave());
  }

  @Test
  void aReceiverThatClosesLetsGoWithoutAWord() {
    session.whole(0, 5);
    assertThat(session.on(new NotSplit(5))).containsExactly(release(5));
  }

  @Test
  void whateverATargetAnswersButDoneEndsTheSession() {
    Map.of(
            new LoadOutcome.Refused("never"),
            refused(Refusal.DAMAGED, "never"),
            new LoadOutcome.Unavailable("no leader"),
            refused(Refusal.UNAVAILABLE, "no leader"),
            new LoadOutcome.Mismatch(record(3)),
            refused(
                Refusal.SHAKE_AGAIN, "target " + ONE + " has " + record(3) + ", not " + record(5)))
        .forEach(
            (outcome, words) -> {
              SessionScript one = SessionScript.open();
              one.loading(0, 5, ONE);
              one.loaded(5, step(ONE, 0, 5), DONE);
              one.loading(5, 9, ONE);
              assertThat(one.loaded(9, step(ONE, 5, 9), outcome))
                  .containsExactly(words, release(9), leave());
            });
  }

  @Test
  void theFirstFailureIsToldAtOnceAndTheFileStaysUntilAllHaveAnswered() {
    session.loading(0, 5, ONE, TWO);
    assertThat(session.loaded(5, step(ONE, 0, 5), new LoadOutcome.Unavailable("away")))
        .containsExactly(refused(Refusal.UNAVAILABLE, "away"), leave());
    assertThat(session.loaded(5, step(TWO, 0, 5), DONE)).containsExactly(release(5));
  }

  @Test
  void conflictsAreToldTogetherOnceAllHaveAnswered() {
    session.loading(0, 5, ONE, TWO);
    assertThat(session.loaded(5, step(ONE, 0, 5), conflict(TEMPERATURE))).isEmpty();
    assertThat(session.loaded(5, step(TWO, 0, 5), conflict(PRESSURE)))
        .containsExactly(
            new SessionEffect.SendAndClose(new Frame.Conflict(5, List.of(TEMPERATURE, PRESSURE))),
            release(5),
            leave());
  }

  @Test
  void aPieceThatOneTargetTookAndOneRefusedIsNotAcknowledged() {
    session.loading(0, 5, ONE, TWO);
    session.loaded(5, step(ONE, 0, 5), conflict(TEMPERATURE));
    assertThat(session.loaded(5, step(TWO, 0, 5), DONE))
        .containsExactly(
            new SessionEffect.SendAndClose(new Frame.Conflict(5, List.of(TEMPERATURE))),
            release(5),
            leave());
  }

  @Test
  void aConflictAfterAnotherFailureIsNotTold() {
    session.loading(0, 5, ONE, TWO);
    session.loaded(5, step(ONE, 0, 5), new LoadOutcome.Unavailable("away"));
    assertThat(session.loaded(5, step(TWO, 0, 5), conflict(PRESSURE))).containsExactly(release(5));
  }

  @Test
  void nothingMoreIsAppliedAfterAFailure() {
    session.loading(0, 5, ONE);
    assertThat(session.admit(5, 9, LENGTH)).startsWith(accept(9, LENGTH));
    session.finished(9);
    assertThat(session.loaded(5, step(ONE, 0, 5), conflict(TEMPERATURE)))
        .filteredOn(SessionEffect.Split.class::isInstance)
        .isEmpty();
    assertThat(session.hear(file(9, 12))).as("it takes no frames").isEmpty();
  }

  /** What has begun is finished, and known to the ledger; it is the next session's to go on. */
  @Test
  void aLoadThatEndsAfterTheConnectionIsStillCounted() {
    session.loading(0, 5, ONE, TWO);
    session.admit(5, 9, LENGTH);
    session.finished(9);
    assertThat(session.on(new Disconnected()))
        .containsExactly(leave(), release(9), new SessionEffect.WriteLedger());
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).isEmpty();
    assertThat(session.loaded(5, step(TWO, 0, 5), DONE))
        .as("nobody hears of it, and the next piece is not begun")
        .containsExactly(discard(5));
  }

  @Test
  void aSplitThatEndsAfterTheConnectionIsStillLoaded() {
    session.whole(0, 5);
    session.on(new Disconnected());
    assertThat(session.on(new Split(5, List.of(ONE)))).containsExactly(load(5, step(ONE, 0, 5)));
    assertThat(session.loaded(5, step(ONE, 0, 5), new LoadOutcome.Unavailable("away")))
        .containsExactly(release(5));
  }

  @Test
  void anAnswerAboutAnotherPieceChangesNothing() {
    session.loading(0, 5, ONE);
    session.loaded(5, step(ONE, 0, 5), DONE);
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).isEmpty();
    session.loading(5, 9, ONE);
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).isEmpty();
    assertThat(session.loaded(9, step(ONE, 5, 9), DONE)).containsExactly(discard(9), applied(9));
  }
}
