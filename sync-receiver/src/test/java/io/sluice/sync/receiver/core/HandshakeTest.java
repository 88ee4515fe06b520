package io.sluice.sync.receiver.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.sync.receiver.core.SessionPositions.Announcement;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rules one by one; how they play together is the simulation's to show. */
class HandshakeTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final List<UUID> TARGETS = List.of(ONE, TWO);
  private static final Lineage LINEAGE = Lineage.EMPTY.with(1, 77).with(50, 78);

  private static AppliedRecord record(long pipe, long lineage, long index) {
    return new AppliedRecord(pipe, lineage, index);
  }

  private static Ledger ledger(long pipe, long position, Map<UUID, AppliedRecord> last) {
    return ledger(pipe, position, 0, last);
  }

  private static Ledger ledger(
      long pipe, long position, long cutBy, Map<UUID, AppliedRecord> last) {
    return new Ledger(
        new Source(ONE, TWO),
        9,
        pipe,
        position,
        cutBy,
        LINEAGE,
        TARGETS,
        last,
        new Ledger.PipeFacts("p", 0, "a", "root.a", true));
  }

  private static Handshake.Start start(
      Timeline timeline, Ledger ledger, Map<UUID, AppliedRecord> records) {
    return (Handshake.Start) Handshake.decide(timeline, ledger, TARGETS, records);
  }

  private static Timeline now(long pipe) {
    return new Timeline(pipe, LINEAGE, 100, false);
  }

  @Test
  void withoutALedgerItStartsAtZero() {
    var records = Map.of(ONE, record(1, 77, 30));
    assertThat(start(now(1), null, records).position()).isZero();
  }

  @Test
  void itGoesOnAtTheLedgersPosition() {
    var records = Map.of(ONE, record(1, 77, 40), TWO, record(1, 77, 30));
    Handshake.Start start = start(now(1), ledger(1, 30, records), records);
    assertThat(start.position()).isEqualTo(30);
    assertThat(start.parted()).isFalse();
  }

  /** It would send again what has been deleted since. Found by the simulation of both clusters. */
  @Test
  void aLeaderThatHasASuccessorIsRefused() {
    var records = Map.of(ONE, record(1, 78, 60), TWO, record(1, 77, 30));
    Timeline before = new Timeline(1, Lineage.EMPTY.with(1, 77), 49, false);
    assertThat(Handshake.decide(before, ledger(1, 60, records), TARGETS, records))
        .isInstanceOf(Handshake.Deposed.class);
    Timeline restored = new Timeline(1, before.lineage().with(41, 99), 45, false);
    assertThat(start(restored, ledger(1, 60, records), records).parted()).isTrue();
  }

  @Test
  void theSameTargetsInAnotherOrderAreTheSameTargets() {
    var records = Map.of(ONE, record(1, 77, 40), TWO, record(1, 77, 30));
    Handshake decided =
        Handshake.decide(now(1), ledger(1, 30, records), List.of(TWO, ONE), records);
    assertThat(((Handshake.Start) decided).position()).isEqualTo(30);
  }

  @Test
  void aLowerPipeNumberIsRefused() {
    assertThat(Handshake.decide(now(1), ledger(2, 30, Map.of()), TARGETS, Map.of()))
        .isEqualTo(new Handshake.OldPipe(2));
  }

  /** The new pipe may have another start time: what the old one shipped says nothing. */
  @Test
  void aNewPipeNumberStartsAtZeroAndNothingIsCovered() {
    var records = Map.of(ONE, record(1, 77, 30), TWO, record(1, 77, 30));
    Handshake.Start start = start(now(2), ledger(1, 30, records), records);
    assertThat(start.position()).isZero();
    SessionPositions positions = new SessionPositions(now(2), start);
    assertThat(positions.plan(20, Set.of(ONE)))
        .containsExactly(new Step(ONE, record(1, 77, 30), record(2, 77, 20)));
  }

  @Test
  void otherTargetRegionsStartAtZero() {
    Ledger ledger = ledger(1, 30, Map.of());
    var decided = Handshake.decide(now(1), ledger, List.of(ONE, new UUID(0, 3)), Map.of());
    assertThat(((Handshake.Start) decided).position()).isZero();
  }

  @Test
  void aTargetThatLostItsRecordPullsTheStartBack() {
    var known = Map.of(ONE, record(1, 77, 40), TWO, record(1, 77, 30));
    var restored = Map.of(ONE, record(1, 77, 10), TWO, record(1, 77, 30));
    assertThat(start(now(1), ledger(1, 30, known), restored).position()).isEqualTo(10);
    assertThat(start(now(1), ledger(1, 30, known), Map.of(TWO, record(1, 77, 30))).position())
        .isZero();
  }

  @Test
  void aTargetAheadOfTheLedgerIsNotAskedToDoItAgain() {
    var known = Map.of(ONE, record(1, 77, 20));
    var ahead = Map.of(ONE, record(1, 77, 40));
    Handshake.Start start = start(now(1), ledger(1, 20, known), ahead);
    SessionPositions positions = new SessionPositions(now(1), start);
    assertThat(positions.plan(40, Set.of(ONE))).isEmpty();
    assertThat(positions.position()).isEqualTo(40);
  }

  /**
   * Of the log that parted, a deletion may have been applied, which the restored sender never made.
   * Found by the simulation, and seen to fail there without it.
   */
  @Test
  void withDeletionsAPartedLineageBeginsAnew() {
    var timeline = new Timeline(1, Lineage.EMPTY.with(1, 77).with(21, 90), 60, true);
    var records = Map.of(ONE, record(1, 77, 40));
    assertThat(start(timeline, ledger(1, 40, records), records).position()).isZero();
    // One target was ahead of the position.
    var ahead = Map.of(ONE, record(1, 77, 40), TWO, record(1, 77, 15));
    assertThat(start(timeline, ledger(1, 15, ahead), ahead).position()).isZero();
    // The same leader's, who went on there after the copy was made.
    var going = new Timeline(1, LINEAGE.with(71, 90), 75, true);
    var lost = Map.of(ONE, record(1, 78, 80));
    assertThat(start(going, ledger(1, 60, lost), lost).position()).isZero();
    // Nothing of the other log has been applied.
    var behind = Map.of(ONE, record(1, 77, 20), TWO, record(1, 77, 15));
    assertThat(start(timeline, ledger(1, 15, behind), behind).position()).isEqualTo(15);
  }

  /**
   * A deletion that the restored sender never made had been applied before its file was sent. Found
   * by the simulation, and seen to fail there without it.
   */
  @Test
  void whatWasCutByALostEntryIsSentAgain() {
    var timeline = new Timeline(1, Lineage.EMPTY.with(1, 77).with(21, 90), 60, true);
    var cut = Map.of(ONE, new AppliedRecord(1, 77, 10, 40));
    Handshake.Start start = start(timeline, ledger(1, 10, cut), cut);
    assertThat(start.position()).isZero();
    SessionPositions positions = new SessionPositions(timeline, start);
    assertThat(positions.plan(10, Set.of(ONE)))
        .containsExactly(new Step(ONE, cut.get(ONE), record(1, 77, 10)));
    // Held back: without deletions too, and on the same leader's log.
    var going = new Timeline(1, LINEAGE.with(71, 90), 75, false);
    var held = Map.of(ONE, new AppliedRecord(1, 78, 60, 80));
    assertThat(start(going, ledger(1, 60, held), held).position()).isZero();
    var before = Map.of(ONE, new AppliedRecord(1, 78, 60, 70));
    assertThat(start(going, ledger(1, 60, before), before).position()).isEqualTo(60);
  }

  /** Of a file nothing was left, so that no target has a record of it. */
  @Test
  void aPositionThatPassedWhatALostEntryCutIsNotBelieved() {
    var timeline = new Timeline(1, Lineage.EMPTY.with(1, 77).with(21, 90), 60, true);
    Handshake.Start start = start(now(1), null, Map.of());
    SessionPositions positions = new SessionPositions(now(1), start);
    positions.cutBy(40);
    assertThat(positions.plan(10, Set.of())).isEmpty();
    assertThat(positions.position()).isEqualTo(10);
    Ledger passed = ledger(1, 10, positions.cutBy(), Map.of());
    assertThat(start(timeline, passed, Map.of()).position()).isZero();
    Timeline goesOn = new Timeline(1, LINEAGE, 100, true);
    assertThat(start(goesOn, passed, Map.of()).position()).isEqualTo(10);
    assertThat(start(goesOn, passed, Map.of()).cutBy()).isEqualTo(40);
  }

  /** A target's next record, of a piece that is not cut, still says by what one before it was. */
  @Test
  void whatCutOnePieceIsToldWithAllThatFollow() {
    SessionPositions positions = new SessionPositions(now(1), start(now(1), null, Map.of()));
    positions.cutBy(60);
    assertThat(positions.plan(10, Set.of(ONE)))
        .containsExactly(new Step(ONE, null, new AppliedRecord(1, 78, 10, 60)));
    positions.cutBy(0);
    assertThat(positions.plan(20, Set.of(TWO)))
        .containsExactly(new Step(TWO, null, new AppliedRecord(1, 78, 20, 60)));
  }

  @Test
  void aPartedLineagePullsTheStartBackToWhereItParted() {
    Lineage restored = Lineage.EMPTY.with(1, 77).with(21, 90);
    var records = Map.of(ONE, record(1, 77, 40));
    Handshake.Start start =
        start(new Timeline(1, restored, 60, false), ledger(1, 40, records), records);
    assertThat(start.position()).isEqualTo(20);
    assertThat(start.parted()).isTrue();
    SessionPositions positions = new SessionPositions(new Timeline(1, restored, 60, false), start);
    assertThat(positions.plan(25, Set.of(ONE)))
        .as("the record speaks of another log")
        .containsExactly(new Step(ONE, record(1, 77, 40), record(1, 90, 25)));
  }

  @Test
  void aLogShorterThanTheLedgerSaysParts() {
    var records = Map.of(ONE, record(1, 78, 60));
    Timeline shorter = new Timeline(1, Lineage.EMPTY.with(1, 77).with(31, 90), 31, false);
    Handshake.Start start = start(shorter, ledger(1, 60, records), records);
    assertThat(start.position()).isEqualTo(30);
    assertThat(start.parted()).isTrue();
  }

  /**
   * It would bring the position back. Found by the simulation, and seen to fail there without it.
   */
  @Test
  void aHelloThatItsOwnLeaderHasOvertakenIsRefused() {
    Timeline before = new Timeline(1, LINEAGE, 55, true);
    var records = Map.of(ONE, record(1, 78, 60));
    assertThat(Handshake.decide(before, ledger(1, 50, Map.of()), TARGETS, records))
        .isInstanceOf(Handshake.Overtaken.class);
    assertThat(Handshake.decide(before, ledger(1, 60, Map.of()), TARGETS, Map.of()))
        .isInstanceOf(Handshake.Overtaken.class);
    assertThat(Handshake.decide(before, ledger(1, 50, 60, Map.of()), TARGETS, Map.of()))
        .isInstanceOf(Handshake.Overtaken.class);
    // What is on another log says nothing of this one.
    var foreign = Map.of(ONE, record(1, 99, 60));
    assertThat(Handshake.decide(before, ledger(1, 50, Map.of()), TARGETS, foreign))
        .isInstanceOf(Handshake.Start.class);
  }

  @Test
  void thePositionWaitsForEveryTargetOfEveryPieceBefore() {
    Handshake.Start start = start(now(1), null, Map.of());
    SessionPositions positions = new SessionPositions(now(1), start);
    List<Step> first = positions.plan(10, Set.of(ONE, TWO));
    List<Step> second = positions.plan(20, Set.of(ONE));
    positions.applied(second.get(0));
    positions.applied(first.get(0));
    assertThat(positions.position()).isZero();
    positions.applied(first.get(1));
    assertThat(positions.position()).isEqualTo(20);
    assertThat(positions.last().get(ONE).index()).as("never back").isEqualTo(20);
  }

  @Test
  void gapsAndForeignLineagesAreNotTaken() {
    Handshake.Start start = start(now(1), null, Map.of());
    SessionPositions positions = new SessionPositions(now(1), start);
    assertThat(positions.announce(5, 10, 77)).isEqualTo(Announcement.OUT_OF_ORDER);
    assertThat(positions.announce(0, 10, 5)).isEqualTo(Announcement.OTHER_LINEAGE);
    assertThat(positions.announce(0, 10, 77)).isEqualTo(Announcement.WELCOME);
    assertThat(positions.announce(0, 10, 77)).isEqualTo(Announcement.OUT_OF_ORDER);
    assertThat(positions.announce(3, 60, 78)).as("merged").isEqualTo(Announcement.WELCOME);
  }

  @Test
  void aDroppedPipeIsToldAndOthersStartFromNothing() {
    var records = Map.of(ONE, AppliedRecord.dropped(2));
    assertThat(Handshake.decide(now(2), null, TARGETS, records))
        .isEqualTo(new Handshake.Dropped(2));
    for (long other : new long[] {1, 3}) {
      Handshake.Start start = start(now(other), null, records);
      assertThat(start.position()).isZero();
      assertThat(start.records()).as("the first piece expects the mark").isEqualTo(records);
    }
  }
}
