package io.sluice.confignode.core.statement;

/**
 * The points a pipe statement passes on its way; between two of them lies something that can be
 * lost. Logged, counted, and what the tests kill the leader at: a new step belongs here.
 */
public enum Milestone {
  /** A client asked; nothing is recorded. */
  ASKED,
  /** It has its turn on the pipe; the beginning is about to be decided. */
  TURN_TAKEN,
  /** A recorded procedure was found that nobody works on; its undoing is about to begin. */
  TAKEN_OVER,
  /** The beginning is recorded; no DataNode has been told. */
  BEGUN,
  /** A DataNode did it. */
  NODE_TOLD,
  /** A DataNode refused, or could not be reached, or did not answer in time. */
  NODE_FAILED,
  /** Every DataNode did it; the end is about to be decided. */
  ALL_TOLD,
  /** Some did and some did not; the undoing, or the end of a DROP, is about to be decided. */
  NOT_ALL_TOLD,
  /** The undoing is recorded; no DataNode has been told to undo it. */
  UNDO_BEGUN,
  /** A DataNode was told to undo it, and did or is left to the pipe table. */
  NODE_UNDONE,
  /** Everybody was told to undo it; the end is about to be decided. */
  UNDO_TOLD,
  /** The end is recorded; the client has no answer yet. */
  ENDED,
  /** The answer is on its way to the client. */
  ANSWERED
}
