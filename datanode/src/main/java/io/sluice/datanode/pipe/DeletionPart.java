package io.sluice.datanode.pipe;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.receiver.port.PiecePart;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What one region gets of a deletion: proposed to its leader. */
record DeletionPart(RegionAccess region, Deletion deletion, Executor loaders) implements PiecePart {
  @Override
  public UUID target() {
    return region.id();
  }

  @Override
  public CompletableFuture<LoadOutcome> load(
      Source source, AppliedRecord expect, AppliedRecord set) {
    var entry = new LogEntry.LoadDeletion(source, expect, set, deletion);
    try {
      // A region at its limit makes whoever proposes wait.
      return CompletableFuture.supplyAsync(() -> region.propose(entry), loaders)
          .thenCompose(result -> result)
          .thenApply(TsFilePart::outcome);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(new LoadOutcome.Unavailable("closing"));
    }
  }

  /** Nothing was written for it. */
  @Override
  public void close() {}
}
