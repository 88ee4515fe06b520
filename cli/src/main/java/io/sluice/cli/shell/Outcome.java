package io.sluice.cli.shell;

/** How a statement ended. */
public enum Outcome {
  DONE,
  /** Refused by the server or not understood here. */
  FAILED,
  /** The server cannot be reached. */
  LOST,
  /** The person wants to leave. */
  LEAVE
}
