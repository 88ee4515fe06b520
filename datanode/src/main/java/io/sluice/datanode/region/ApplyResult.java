package io.sluice.datanode.region;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.SharedDevice;
import java.util.List;

/**
 * What became of a proposed entry. Every case but {@link Unavailable} is decided by the entry and
 * the state alone.
 */
public sealed interface ApplyResult {
  /**
   * Durable and visible, at this log index. Also for a piece that had been applied already.
   *
   * @param shared of a piece: a device that another cluster's pipe brought last; else null
   */
  record Applied(long index, SharedDevice shared) implements ApplyResult {
    public Applied(long index) {
      this(index, null);
    }
  }

  /** In the log without effect: {@code code} is one of StatusCode, the text is for the client. */
  record Refused(int code, String message) implements ApplyResult {}

  /** In the log without effect: the schema takes none of these series as the piece has them. */
  record Conflicts(List<SeriesConflict> conflicts) implements ApplyResult {
    public Conflicts {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Compare-and-set failed: the record the region has, null for none. */
  record RecordMismatch(AppliedRecord actual) implements ApplyResult {}

  /**
   * Not known to be in the log: no leader here, memory or disk at its limit, closing. The caller
   * may try again.
   */
  record Unavailable(int code, String message) implements ApplyResult {}
}
