package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part's entry on its way into a region, and what became of it in the receiver's words. */
final class PartLoad {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private PartLoad() {}

  /** What the entry needs at the region's leader; may block. */
  interface Preparation {
    void run() throws StatusException;
  }

  /**
   * @param loaders prepares and proposes: a region at its limit makes whoever proposes wait
   * @return never completes exceptionally
   */
  static CompletableFuture<LoadOutcome> of(
      RegionAccess region, LogEntry entry, Preparation preparation, Executor loaders) {
    try {
      return CompletableFuture.supplyAsync(() -> proposed(region, entry, preparation), loaders)
          .thenCompose(result -> result)
          .thenApply(PartLoad::outcome)
          .exceptionally(cause -> failed(region, cause));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(new LoadOutcome.Unavailable("closing"));
    }
  }

  private static CompletableFuture<ApplyResult> proposed(
      RegionAccess region, LogEntry entry, Preparation preparation) {
    try {
      preparation.run();
    } catch (StatusException e) {
      throw new CompletionException(e);
    }
    return region.propose(entry);
  }

  private static LoadOutcome outcome(ApplyResult result) {
    if (result instanceof ApplyResult.Applied applied) {
      return new LoadOutcome.Applied(applied.shared());
    } else if (result instanceof ApplyResult.RecordMismatch mismatch) {
      return new LoadOutcome.Mismatch(mismatch.actual());
    } else if (result instanceof ApplyResult.Conflicts refused) {
      return new LoadOutcome.Conflict(refused.conflicts());
    } else if (result instanceof ApplyResult.Refused refused) {
      return new LoadOutcome.Refused(refused.message());
    }
    return new LoadOutcome.Unavailable(((ApplyResult.Unavailable) result).message());
  }

  private static LoadOutcome failed(RegionAccess region, Throwable cause) {
    Throwable why = cause instanceof CompletionException ? cause.getCause() : cause;
    if (!(why instanceof StatusException)) {
      LOG.error("loading into region {} failed", region.id(), why);
    }
    return new LoadOutcome.Unavailable("region " + region.id() + ": " + why.getMessage());
  }
}
