package io.sluice.sync.receiver.core;

import static io.sluice.sync.receiver.core.SessionScript.DONE;
import static io.sluice.sync.receiver.core.SessionScript.LENGTH;
import static io.sluice.sync.receiver.core.SessionScript.LOAD_MS_MAX;
import static io.sluice.sync.receiver.core.SessionScript.NUMBER;
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
import static io.sluice.sync.receiver.core.SessionScript.send;
import static io.sluice.sync.receiver.core.SessionScript.split;
import static io.sluice.sync.receiver.core.SessionScript.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionEffect.Admit;
import io.sluice.sync.receiver.core.SessionEffect.Finish;
import io.sluice.sync.receiver.core.SessionEffect.TakeContent;
import io.sluice.sync.receiver.core.SessionEvent.Admitted;
import io.sluice.sync.receiver.core.SessionEvent.ContentTaken;
import io.sluice.sync.receiver.core.SessionEvent.Finished;
import io.sluice.sync.receiver.core.SessionEvent.NoRoom;
import io.sluice.sync.receiver.core.SessionEvent.RoomAgain;
import io.sluice.sync.receiver.core.SessionEvent.Tick;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Pieces from their announcement to their turn; what targets make of them: PieceLoadTest. */
class PieceFlowTest {
  private final SessionScript session = SessionScript.open();

  @Test
  void aPieceIsAdmittedReceivedFinishedSplitLoadedAndAcknowledged() {
    assertThat(session.hear(file(0, 5))).containsExactly(new Admit(file(0, 5)));
    assertThat(session.on(new Admitted(5, 100))).containsExactly(accept(5, 100));
    Frame.Chunk chunk = new Frame.Chunk(5, 100, 400, 4);
    assertThat(session.hear(chunk)).containsExactly(new TakeContent(chunk, null));
    assertThat(session.on(new ContentTaken(chunk, true))).containsExactly(new Finish(5));
    assertThat(session.finished(5)).containsExactly(split(0, 5));
    assertThat(session.on(new SessionEvent.Split(5, List.of(ONE))))
        .containsExactly(load(5, step(ONE, 0, 5)));
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).containsExactly(discard(5), applied(5));
  }

  @Test
  void piecesAreAppliedInTheirOrderWhateverIsWholeFirst() {
    session.admit(0, 5, 0);
    assertThat(session.admit(5, 9, LENGTH)).containsExactly(accept(9, LENGTH), new Finish(9));
    assertThat(session.finished(9)).as("the first is not whole").isEmpty();
    assertThat(session.content(5, 0, (int) LENGTH)).containsExactly(new Finish(5));
    assertThat(session.finished(5)).containsExactly(split(0, 5));
    session.on(new SessionEvent.Split(5, List.of(ONE)));
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE))
        .containsExactly(discard(5), applied(5), split(5, 9));
  }

  @Test
  void aRangeThatHoldsNothingWaitsForItsTurn() {
    session.loading(0, 5, ONE);
    assertThat(session.hear(new Frame.Passed(5, 9, NUMBER))).isEmpty();
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE))
        .containsExactly(discard(5), applied(5), applied(9));
  }

  @Test
  void whatATargetHasAlreadyIsLeftOutOfTheSplit() {
    SessionScript again = SessionScript.openWith(Map.of(ONE, record(7)));
    assertThat(again.whole(0, 5)).containsExactly(split(0, 5, ONE));
    again.on(new SessionEvent.Split(5, List.of(TWO)));
    assertThat(again.loaded(5, step(TWO, 0, 5), DONE)).containsExactly(discard(5), applied(5));
    assertThat(again.whole(5, 9)).as("its record ends in this one").containsExactly(split(5, 9));
  }

  @Test
  void whatTheSenderSaidLastOfAPiecesWayAndOfWhatItWasCutByGoesWithIt() {
    session.hear(new Frame.CutBy(40));
    Route way = Route.of(new UUID(8, 8));
    session.hear(new Frame.Via(way));
    session.whole(0, 5);
    session.hear(new Frame.Via(Route.HERE));
    assertThat(session.on(new SessionEvent.Split(5, List.of(ONE))))
        .containsExactly(
            new SessionEffect.Load(
                5, way, List.of(new Step(ONE, null, new AppliedRecord(3, NUMBER, 5, 40)))));
  }

  @Test
  void aPackedChunkCountsForWhatItHolds() {
    session.admit(0, 5, 0);
    Frame.Chunk chunk = new Frame.Chunk(5, 0, 200, 4);
    Frame.Packed packed = new Frame.Packed(chunk, Compression.LZ4, 20);
    assertThat(session.hear(packed)).containsExactly(new TakeContent(chunk, packed));
    session.on(new ContentTaken(chunk, true));
    assertThat(session.content(5, 200, 300)).containsExactly(new Finish(5));
  }

  // ---------------------------------------------------------------- what is refused

  @Test
  void aRangeAnnouncedTwiceOrBeyondAGapIsRefused() {
    session.hear(file(0, 5));
    assertThat(session.hear(file(0, 5)))
        .contains(refused(Refusal.PROTOCOL, "range (0, 5] is out of order"));
    assertThat(SessionScript.open().hear(file(1, 5)))
        .containsExactly(refused(Refusal.PROTOCOL, "range (1, 5] is out of order"), leave());
  }

  @Test
  void anotherLineageShakesHandsAgain() {
    assertThat(session.hear(new Frame.FileBegin(0, 5, NUMBER + 1, LENGTH, 6)))
        .containsExactly(refused(Refusal.SHAKE_AGAIN, "the sender's lineage has changed"), leave());
  }

  @Test
  void aChunkIsTakenOnlyWhereTheFileEndsAndWithinItsLength() {
    for (Frame.Chunk wrong :
        new Frame.Chunk[] {
          new Frame.Chunk(5, 99, 10, 4),
          new Frame.Chunk(5, 101, 10, 4),
          new Frame.Chunk(5, 100, 401, 4),
          new Frame.Chunk(4, 100, 10, 4)
        }) {
      SessionScript one = SessionScript.open();
      one.admit(0, 5, 100);
      assertThat(one.hear(wrong))
          .containsExactly(
              refused(Refusal.PROTOCOL, "chunk at " + wrong.offset() + " of " + wrong.end()),
              release(5),
              leave());
    }
  }

  @Test
  void aChunkOfAFileThatWaitsForRoomOrIsWholeIsRefused() {
    session.hear(file(0, 5));
    session.on(new NoRoom(5));
    assertThat(session.hear(new Frame.Chunk(5, 0, 10, 4)))
        .containsExactly(refused(Refusal.PROTOCOL, "chunk at 0 of 5"), leave());
    SessionScript other = SessionScript.open();
    other.whole(0, 5);
    assertThat(other.hear(new Frame.Chunk(5, LENGTH, 0, 4)))
        .containsExactly(refused(Refusal.PROTOCOL, "chunk at 500 of 5"), leave());
  }

  @Test
  void aChunkWithAnotherChecksumEndsTheSessionAndWhatIsHeldStays() {
    session.admit(0, 5, 100);
    Frame.Chunk chunk = new Frame.Chunk(5, 100, 10, 4);
    session.hear(chunk);
    assertThat(session.on(new ContentTaken(chunk, false)))
        .containsExactly(refused(Refusal.CHECKSUM, "chunk of 5"), release(5), leave());
  }

  @Test
  void aFileWithAnotherChecksumIsGoneAndStartsAgain() {
    session.admit(0, 5, LENGTH);
    assertThat(session.on(new Finished(5, false)))
        .as("there is nothing left to let go of")
        .containsExactly(refused(Refusal.CHECKSUM, "file of 5; it starts again from 0"), leave());
  }

  @Test
  void aFileThatCouldNeverFitIsRefused() {
    session.hear(file(0, 5));
    assertThat(session.on(new SessionEvent.TooLarge(5, "too large")))
        .containsExactly(refused(Refusal.STAGING_LIMIT, "too large"), leave());
  }

  // ---------------------------------------------------------------- limits and time

  @Test
  void soManyFilesAreOpenAndTheNextIsAdmittedWhenOneIsDone() {
    int max = PieceFlow.ADMITTED_MAX;
    session.loading(0, 1, ONE);
    for (int end = 2; end <= max; end++) {
      assertThat(session.admit(end - 1, end, 0)).containsExactly(accept(end, 0));
    }
    assertThat(session.hear(file(max, max + 1))).isEmpty();
    assertThat(session.on(new RoomAgain())).isEmpty();
    session.loaded(1, step(ONE, 0, 1), DONE);
    assertThat(session.on(new RoomAgain())).containsExactly(new Admit(file(max, max + 1)));
  }

  @Test
  void soManyRangesAreAnnouncedAndNoMore() {
    int max = PieceFlow.PIECES_MAX;
    session.loading(0, 1, ONE);
    for (int end = 2; end <= max; end++) {
      assertThat(session.hear(new Frame.Passed(end - 1, end, NUMBER))).isEmpty();
    }
    assertThat(session.hear(new Frame.Passed(max, max + 1, NUMBER)))
        .containsExactly(
            refused(Refusal.PROTOCOL, "1000 ranges are announced and not applied: no more"),
            leave());
  }

  @Test
  void filesWaitForRoomInTheirOrder() {
    session.hear(file(0, 5));
    assertThat(session.on(new NoRoom(5))).isEmpty();
    assertThat(session.hear(file(5, 9))).as("the first asks first").contains(new Admit(file(0, 5)));
    session.on(new NoRoom(5));
    assertThat(session.on(new RoomAgain())).containsExactly(new Admit(file(0, 5)));
    assertThat(session.on(new RoomAgain())).as("one is asked for already").isEmpty();
    assertThat(session.on(new Admitted(5, 0))).containsExactly(accept(5, 0), new Admit(file(5, 9)));
  }

  /** It need not wait for the sender to speak again. */
  @Test
  void aFileThatWasThereAlreadyIsAppliedOnceThereIsRoom() {
    session.hear(file(0, 5));
    session.on(new NoRoom(5));
    session.on(new RoomAgain());
    assertThat(session.on(new Admitted(5, LENGTH)))
        .containsExactly(accept(5, LENGTH), new Finish(5));
    assertThat(session.finished(5)).containsExactly(split(0, 5));
  }

  @Test
  void aSenderThatWaitsForUsIsToldSoNowAndThen() {
    session.on(new Tick());
    session.hear(file(0, 5));
    session.on(new NoRoom(5));
    session.nowMs += 1_999;
    assertThat(session.on(new Tick())).isEmpty();
    session.nowMs += 1;
    assertThat(session.on(new Tick())).containsExactly(send(new Frame.Wait()));
    assertThat(session.on(new Tick())).isEmpty();
    session.on(new RoomAgain());
    session.on(new Admitted(5, 0));
    session.nowMs += 60_000;
    assertThat(session.on(new Tick())).as("it is the sender's turn").isEmpty();
  }

  @Test
  void targetsThatTakeTooLongEndTheSessionAndTheFileStaysWithThem() {
    session.loading(0, 5, ONE);
    session.on(new Tick());
    session.nowMs += LOAD_MS_MAX - 1;
    assertThat(session.on(new Tick())).containsExactly(send(new Frame.Wait()));
    session.nowMs += 1;
    assertThat(session.on(new Tick()))
        .containsExactly(
            refused(
                Refusal.UNAVAILABLE, "piece 5: the target regions have not taken it for 8000 ms"),
            leave());
    assertThat(session.loaded(5, step(ONE, 0, 5), DONE)).containsExactly(discard(5));
  }
}
