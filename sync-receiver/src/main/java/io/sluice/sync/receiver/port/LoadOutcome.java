package io.sluice.sync.receiver.port;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.SharedDevice;
import java.util.List;

/** What became of a part handed to its target. */
public sealed interface LoadOutcome {
  /**
   * Durable and visible there, now or before.
   *
   * @param shared a device of the part that another cluster's pipe, over whichever node, brought
   *     last; null when none is known
   */
  record Applied(SharedDevice shared) implements LoadOutcome {
    public Applied() {
      this(null);
    }
  }

  /**
   * The target's record is another one than expected; nothing was done.
   *
   * @param actual null for none
   */
  record Mismatch(AppliedRecord actual) implements LoadOutcome {}

  /** The target's schema takes none of these series as the part has them. Nothing was done. */
  record Conflict(List<SeriesConflict> series) implements LoadOutcome {}

  /** The target will not take the part, whatever is left out of it. Nothing was done. */
  record Refused(String text) implements LoadOutcome {}

  /** Not known to be done; may be done later still. */
  record Unavailable(String text) implements LoadOutcome {}
}
