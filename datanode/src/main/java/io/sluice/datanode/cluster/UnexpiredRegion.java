package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.NoRows;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A region of a database with a TTL: reads begin at the first time stamp that has not expired.
 *
 * @param firstTimeMs that time stamp, as of now
 */
record UnexpiredRegion(RegionAccess region, LongSupplier firstTimeMs) implements RegionAccess {
  @Override
  public UUID id() {
    return region.id();
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    return region.propose(entry);
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException {
    return region.series(patterns);
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException {
    ScanRequest unexpired = unexpired(request);
    return unexpired.times().empty() ? NoRows.INSTANCE : region.scan(unexpired);
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException {
    ScanRequest unexpired = unexpired(request);
    return unexpired.times().empty() ? new long[request.columns().size()] : region.count(unexpired);
  }

  private ScanRequest unexpired(ScanRequest request) {
    TimeRange kept = new TimeRange(firstTimeMs.getAsLong(), Long.MAX_VALUE);
    return new ScanRequest(
        request.columns(),
        request.types(),
        request.times().intersect(kept),
        request.descending(),
        request.limitRows());
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    return region.flush();
  }

  @Override
  public SyncState syncState(Source source) throws StatusException {
    return region.syncState(source);
  }

  @Override
  public List<HeldPart> quarantine(long pipeNumber) throws StatusException {
    return region.quarantine(pipeNumber);
  }

  /** Of what is stored: whoever compares says from which time on. */
  @Override
  public DigestAnswer digest(DigestQuery query) throws StatusException {
    return region.digest(query);
  }

  @Override
  public List<RottenFile> rotten(UUID origin) throws StatusException {
    return region.rotten(origin);
  }

  @Override
  public Mended mend(BroughtRows brought) throws StatusException {
    return region.mend(brought);
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    region.stage(file, stagedName);
  }
}
