package io.sluice.sync.receiver.core;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.List;
import java.util.UUID;

/** What happens to a session. A piece is named by the end of its range. */
public sealed interface SessionEvent {
  /** From a sender that may send: who it is has been seen to. */
  record Received(Frame.FromSender frame) implements SessionEvent {}

  /**
   * Answer to {@link SessionEffect.Open}; the other is Failed.
   *
   * @param positions as they are where the handshake starts; the session's own from here on
   * @param ledger as it was written
   * @param receivers where the sender may go when it loses this node
   */
  record Opened(
      SessionPositions positions, Ledger ledger, boolean parted, List<Frame.Address> receivers)
      implements SessionEvent {}

  /** What was wanted cannot be, or the sender may not go on: the session ends with these words. */
  record Failed(Refusal why, String text) implements SessionEvent {}

  /**
   * Answer to {@link SessionEffect.Admit}: there is room for all of the file; the others are NoRoom
   * and TooLarge.
   *
   * @param heldBytes of it are there already
   */
  record Admitted(long end, long heldBytes) implements SessionEvent {}

  record NoRoom(long end) implements SessionEvent {}

  record TooLarge(long end, String text) implements SessionEvent {}

  /** Files may have left staging: those that wait may ask again. */
  record RoomAgain() implements SessionEvent {}

  /**
   * Answer to {@link SessionEffect.TakeContent}, once all of the content has come.
   *
   * @param good its checksum fits: the bytes count
   */
  record ContentTaken(Frame.Chunk chunk, boolean good) implements SessionEvent {}

  /**
   * Answer to {@link SessionEffect.Finish}.
   *
   * @param good durable; otherwise it was not the file it should be and is gone
   */
  record Finished(long end, boolean good) implements SessionEvent {}

  /**
   * Answer to {@link SessionEffect.Split}; the others are SplitFailed and NotSplit.
   *
   * @param targets that get a part
   */
  record Split(long end, List<UUID> targets) implements SessionEvent {}

  record SplitFailed(long end, Refusal why, String text) implements SessionEvent {}

  /** The receiver takes on no more work: it is closing. */
  record NotSplit(long end) implements SessionEvent {}

  /** Answer to {@link SessionEffect.Load}, once for each step. */
  record PartLoaded(long end, Step step, LoadOutcome outcome) implements SessionEvent {}

  /** A part had a device that another cluster had brought before. Both are kept. */
  record DeviceShared(SharedDevice shared) implements SessionEvent {}

  /** Answer to {@link SessionEffect.WriteLedger}: all that is applied is in it, if it is ours. */
  record LedgerWritten() implements SessionEvent {}

  /** The ledger is not this session's any more, or not of these targets: why. */
  record LedgerLost(String text) implements SessionEvent {}

  /** Answer to {@link SessionEffect.HeedNotice}; the other is Failed. */
  record NoticeHeeded(long pipeNumber) implements SessionEvent {}

  /** The sender has come back over another connection. */
  record Superseded() implements SessionEvent {}

  /** The connection is gone. */
  record Disconnected() implements SessionEvent {}

  /** Time passes. */
  record Tick() implements SessionEvent {}
}
