package io.sluice.sync.receiver.port;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Source;
import java.util.UUID;

/** A region that takes pieces, wherever its leader is. Calls may block. Thread-safe. */
public interface TargetRegion {
  UUID id();

  /** What the region's leader knows of {@code source}. */
  Memory recall(Source source) throws TargetUnavailableException;

  /** Both may be null: there is none. */
  record Memory(AppliedRecord record, Ledger ledger) {}

  /**
   * Writes a ledger if the region's one has {@code expectSession} (0: there is none).
   *
   * @return false when another session's is there; nothing was written
   */
  boolean writeLedger(Ledger ledger, long expectSession) throws TargetUnavailableException;

  /**
   * Removes the ledger of {@code source}, and leaves {@link AppliedRecord#dropped} as its record,
   * unless they are of a pipe above this number.
   */
  void forget(Source source, long pipeNumber) throws TargetUnavailableException;
}
