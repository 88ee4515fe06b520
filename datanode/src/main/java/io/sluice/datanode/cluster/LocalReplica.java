package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A region of this node. */
final class LocalReplica implements Replica {
  private final UUID id;
  private final LocalRegions regions;
  private final RegionReader reader;
  private final BooleanSupplier readOnly;

  LocalReplica(UUID id, LocalRegions regions, RegionReader reader, BooleanSupplier readOnly) {
    this.id = id;
    this.regions = regions;
    this.reader = reader;
    this.readOnly = readOnly;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    Optional<Region> region = led();
    if (region.isEmpty()) {
      return CompletableFuture.completedFuture(notHere());
    }
    if (grows(entry) && readOnly.getAsBoolean()) {
      return CompletableFuture.completedFuture(
          new ApplyResult.Unavailable(
              StatusCode.READ_ONLY,
              "Fail to do non-query operations because system is read-only: its disk is nearly"
                  + " full"));
    }
    return region.get().propose(entry);
  }

  @Override
  public ApplyResult proposeNow(LogEntry entry) {
    return propose(entry).join();
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    return led().map(Region::flush).orElse(CompletableFuture.completedFuture(notHere()));
  }

  @Override
  public ApplyResult flushNow() {
    return flush().join();
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException {
    try (RegionView view = here().view()) {
      return view.series(patterns);
    }
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException {
    return reader.scan(here().view(), request);
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException {
    try (RegionView view = here().view()) {
      return reader.count(view, request);
    }
  }

  @Override
  public SyncState syncState(Source source) throws StatusException {
    Region region = here();
    return new SyncState(region.record(source), region.ledger(source));
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    try {
      new StagingFolder(here().stagingFolder()).adopt(file, stagedName);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "Cannot stage " + stagedName + ": " + e, e);
    }
  }

  /** Reading before this node leads would miss rows that were acknowledged before a restart. */
  private Optional<Region> led() {
    return regions.find(id).filter(Region::leads);
  }

  private Region here() throws StatusException {
    return led().orElseThrow(() -> Replica.notHere(id));
  }

  private ApplyResult notHere() {
    return new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, Replica.notHereText(id));
  }

  /** Entries that bring points or series; the others only free space or keep the books. */
  private static boolean grows(LogEntry entry) {
    return entry instanceof LogEntry.InsertTablet
        || entry instanceof LogEntry.InsertRows
        || entry instanceof LogEntry.CreateSeries
        || entry instanceof LogEntry.LoadFile;
  }
}
