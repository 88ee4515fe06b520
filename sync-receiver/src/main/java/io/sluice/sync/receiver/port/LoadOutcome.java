package io.sluice.sync.receiver.port;

import io.sluice.common.sync.AppliedRecord;

/** What became of a part handed to its target. */
public sealed interface LoadOutcome {
  /** Durable and visible there, now or before. */
  record Applied() implements LoadOutcome {}

  /**
   * The target's record is another one than expected; nothing was done.
   *
   * @param actual null for none
   */
  record Mismatch(AppliedRecord actual) implements LoadOutcome {}

  /** The target's schema refuses the part; the text names the series. Nothing was done. */
  record Conflict(String text) implements LoadOutcome {}

  /** Not known to be done; may be done later still. */
  record Unavailable(String text) implements LoadOutcome {}
}
