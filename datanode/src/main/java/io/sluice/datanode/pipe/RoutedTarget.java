package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Source;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.UUID;

/** A region that takes pieces, reached at its leader. */
record RoutedTarget(RegionAccess region) implements TargetRegion {
  @Override
  public UUID id() {
    return region.id();
  }

  @Override
  public Memory recall(Source source) throws TargetUnavailableException {
    try {
      RegionAccess.SyncState state = region.syncState(source);
      return new Memory(state.record(), state.ledger());
    } catch (StatusException e) {
      throw unavailable(e.getMessage(), e);
    }
  }

  @Override
  public boolean writeLedger(Ledger ledger, long expectSession) throws TargetUnavailableException {
    return !refused(new LogEntry.WriteLedger(ledger, expectSession));
  }

  @Override
  public void forget(Source source, long pipeNumber) throws TargetUnavailableException {
    // A refusal says that what is there belongs to a later pipe: nothing to forget.
    refused(new LogEntry.ForgetSource(source, pipeNumber));
  }

  private boolean refused(LogEntry entry) throws TargetUnavailableException {
    ApplyResult result = region.propose(entry).join();
    if (result instanceof ApplyResult.Unavailable unavailable) {
      throw unavailable(unavailable.message(), null);
    }
    return !(result instanceof ApplyResult.Applied);
  }

  private TargetUnavailableException unavailable(String text, Exception cause) {
    return new TargetUnavailableException("region " + region.id() + ": " + text, cause);
  }
}
