package io.sluice.datanode.pipe;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.receiver.port.PiecePart;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What one region gets of a deletion: proposed to its leader. */
public record DeletionPart(RegionAccess region, Deletion deletion, Executor loaders)
    implements PiecePart {
  @Override
  public UUID target() {
    return region.id();
  }

  @Override
  public CompletableFuture<LoadOutcome> load(
      Source source, Route via, AppliedRecord expect, AppliedRecord set) {
    var entry = new LogEntry.LoadDeletion(source, via, expect, set, deletion);
    return PartLoad.of(region, entry, () -> {}, loaders);
  }

  /** Nothing was written for it. */
  @Override
  public void close() {}
}
