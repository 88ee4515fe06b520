package io.sluice.sync.receiver.core;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Lineage;

/**
 * The sender's region log as its handshake described it.
 *
 * @param pipeNumber of the pipe that ships now
 * @param logEnd last index of the log then
 * @param deletions whether the pipe ships deletions
 */
public record Timeline(long pipeNumber, Lineage lineage, long logEnd, boolean deletions) {
  /**
   * Whether what {@code record} (null: no) stands for is of this log, not of a parted copy's: the
   * range, and what was cut out of it.
   */
  public boolean holds(AppliedRecord record) {
    return record != null
        && record.reach() <= logEnd
        && lineage.numberAt(record.reach()) == record.lineage();
  }

  /** Whether this log has all of {@code other} up to {@code index}. */
  boolean has(Lineage other, long index) {
    return lineage.agreesUpTo(other, Math.min(index, logEnd)) >= index;
  }

  /** The same, and shipped by this very pipe. */
  public boolean holdsOwn(AppliedRecord record) {
    return holds(record) && record.pipeNumber() == pipeNumber;
  }

  /** Whether a target with this record has the range that ends at {@code end} already. */
  public boolean covers(AppliedRecord record, long end) {
    return holdsOwn(record) && record.index() >= end;
  }
}
