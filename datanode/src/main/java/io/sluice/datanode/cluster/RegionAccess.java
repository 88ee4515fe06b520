package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A region reached at its leader, on this node or another. Thread-safe. */
public interface RegionAccess {
  UUID id();

  /** See {@link io.sluice.datanode.region.Region#propose}. */
  CompletableFuture<ApplyResult> propose(LogEntry entry);

  List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException;

  RowBlocks scan(ScanRequest request) throws StatusException;

  long[] count(ScanRequest request) throws StatusException;

  /** Completes when what was written before is in durable files. */
  CompletableFuture<ApplyResult> flush();
}
