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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A region that takes pieces, reached at its leader. No call waits without a limit.
 *
 * @param calls of all targets of this node
 */
public record RoutedTarget(RegionAccess region, TargetCalls calls) implements TargetRegion {
  /** For a ledger to be written; what it says may be written later still. */
  private static final long WRITE_MS_MAX = 10_000;

  @Override
  public UUID id() {
    return region.id();
  }

  @Override
  public Memory recall(Source source) throws TargetUnavailableException {
    try (TargetCalls.Call call = calls.begin(id())) {
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
    ApplyResult result;
    try (TargetCalls.Call call = calls.begin(id())) {
      result = region.propose(entry).get(WRITE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unavailable("no answer for " + WRITE_MS_MAX + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("this node is closing", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a region's answer is never exceptional", e);
    }
    if (result instanceof ApplyResult.Unavailable unavailable) {
      throw unavailable(unavailable.message(), null);
    }
    return !(result instanceof ApplyResult.Applied);
  }

  private TargetUnavailableException unavailable(String text, Exception cause) {
    return new TargetUnavailableException("region " + region.id() + ": " + text, cause);
  }
}
