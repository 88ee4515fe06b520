package io.sluice.sync.receiver.core;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a session wants done. A piece is named by the end of its range. */
public sealed interface SessionEffect {
  record Send(Frame.FromReceiver frame) implements SessionEffect {}

  /** The last word; then the connection is closed. */
  record SendAndClose(Frame.FromReceiver last) implements SessionEffect {}

  /** Shake hands: see what the targets remember, write a new ledger. Answered by Opened, Failed. */
  record Open(Frame.Hello hello) implements SessionEffect {}

  /** It feeds from its source no more: others may; content that still comes is thrown away. */
  record Leave() implements SessionEffect {}

  /** Write into the ledger what is applied, if that is more than it says. By LedgerWritten. */
  record WriteLedger() implements SessionEffect {}

  /** A pipe stopped or was dropped: let its ledgers and files show it. By NoticeHeeded, Failed. */
  record HeedNotice(Frame.Notice notice) implements SessionEffect {}

  /** Reserve room for the whole file, and open it. Answered by Admitted, NoRoom or TooLarge. */
  record Admit(Frame.FileBegin begin) implements SessionEffect {}

  /**
   * The content that follows is this chunk's. Answered by ContentTaken.
   *
   * @param packed how it comes; null: as it is
   */
  record TakeContent(Frame.Chunk chunk, Frame.Packed packed) implements SessionEffect {}

  /** All bytes are there: check the whole file and make it durable. Answered by Finished. */
  record Finish(long end) implements SessionEffect {}

  /**
   * Part the finished file by target region, beside everything else. Answered by Split, SplitFailed
   * or NotSplit.
   *
   * @param without targets that need no part
   */
  record Split(Frame.FileBegin begin, Set<UUID> without) implements SessionEffect {}

  /**
   * Hand each part to its target; parts without a step are thrown away. Answered by PartLoaded,
   * once for each step and in any order.
   *
   * @param via how the piece had come to the sender
   */
  record Load(long end, Route via, List<Step> steps) implements SessionEffect {}

  /** Let go of the file; it stays for whoever sends it again. */
  record Release(long end) implements SessionEffect {}

  /** Every target has it: the file goes. */
  record Discard(long end) implements SessionEffect {}

  /** For sync.log. */
  record Log(String text) implements SessionEffect {}
}
