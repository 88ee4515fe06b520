package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.RegionDigests;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region of this node. Reads and writes only while it leads. */
final class LocalReplica implements Replica {
  private static final Logger LOG = LoggerFactory.getLogger(LocalReplica.class);

  private static final String READ_ONLY_TEXT =
      "Fail to do non-query operations because system is read-only: its disk is nearly full";

  /** Shorter than another node waits for this one's answer. */
  static final long WRITE_MS_MAX = 28_000;

  /** A leader that reaches the others hears from them in a fraction of this. */
  private static final long BARRIER_MS_MAX = 3_000;

  private final UUID id;
  private final RegionRoutes.Local local;

  LocalReplica(UUID id, RegionRoutes.Local local) {
    this.id = id;
    this.local = local;
  }

  /** See {@link RegionAccess#propose}; not here is {@link StatusCode#REGION_NOT_HERE}. */
  CompletableFuture<ApplyResult> proposeLater(LogEntry entry) {
    Optional<Region> region = led();
    if (region.isEmpty()) {
      return CompletableFuture.completedFuture(notHere());
    }
    if (grows(entry) && local.disk().readOnly()) {
      return CompletableFuture.completedFuture(
          new Unavailable(StatusCode.READ_ONLY, READ_ONLY_TEXT));
    }
    return bounded(region.get().propose(entry));
  }

  CompletableFuture<ApplyResult> flushLater() {
    return led()
        .map(region -> bounded(region.flush()))
        .orElse(CompletableFuture.completedFuture(notHere()));
  }

  private CompletableFuture<ApplyResult> bounded(CompletableFuture<ApplyResult> result) {
    if (result.isDone()) {
      return result;
    }
    String text =
        "The region did not do it within "
            + WRITE_MS_MAX
            + " ms; whether it will is not known: its log or its disk is too slow";
    return result
        .copy()
        .completeOnTimeout(
            new Unavailable(StatusCode.WRITE_REJECTED, text), WRITE_MS_MAX, TimeUnit.MILLISECONDS);
  }

  @Override
  public ApplyResult propose(LogEntry entry) throws ElsewhereException {
    return here(proposeLater(entry).join());
  }

  @Override
  public ApplyResult flush() throws ElsewhereException {
    return here(flushLater().join());
  }

  private ApplyResult here(ApplyResult result) throws ElsewhereException {
    if (moved(result)) {
      throw elsewhere();
    }
    return result;
  }

  static boolean moved(ApplyResult result) {
    return result instanceof Unavailable unavailable
        && unavailable.code() == StatusCode.REGION_NOT_HERE;
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) throws ElsewhereException {
    try (RegionView view = readable().view()) {
      return view.series(patterns);
    }
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException, ElsewhereException {
    return local.reader().scan(readable().view(), request);
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException, ElsewhereException {
    try (RegionView view = readable().view()) {
      return local.reader().count(view, request);
    }
  }

  @Override
  public RegionAccess.SyncState syncState(Source source) throws ElsewhereException {
    Region region = readable();
    return new RegionAccess.SyncState(region.record(source), region.ledger(source));
  }

  @Override
  public List<HeldPart> quarantine(long pipeNumber) throws StatusException, ElsewhereException {
    Region region = readable();
    try (RegionView view = region.view()) {
      return HeldPart.of(region.held(pipeNumber), view, local.reader());
    }
  }

  @Override
  public DigestAnswer digest(DigestQuery query) throws StatusException, ElsewhereException {
    Region region = readable();
    try (RegionView view = region.view()) {
      if (query.withoutRottenOf() == null) {
        return RegionDigests.of(view, local.reader(), query);
      }
      Set<SealedFile> spared = Set.copyOf(rottenOf(region, query.withoutRottenOf()));
      return RegionDigests.of(ViewPart.sparing(view, spared), local.reader(), query);
    }
  }

  private static List<SealedFile> rottenOf(Region region, UUID origin) {
    return region.rotten().stream().filter(file -> file.route().broughtBy(origin)).toList();
  }

  @Override
  public List<RottenFile> rotten(UUID origin) throws ElsewhereException {
    return rottenOf(readable(), origin).stream()
        .filter(file -> !file.times().empty())
        .map(
            file ->
                new RottenFile(
                    id,
                    file.end(),
                    file.lengthBytes(),
                    file.crc32c(),
                    new TimeSpan(file.times().first(), file.times().last())))
        .toList();
  }

  @Override
  public Mended mend(BroughtRows brought) throws StatusException, ElsewhereException {
    Region region = readable();
    requireWritable(local);
    return local.mends().bring(region, brought);
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException, ElsewhereException {
    Region region = led().orElseThrow(this::elsewhere);
    requireWritable(local);
    try {
      new StagingFolder(region.stagingFolder()).adopt(file, stagedName);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "Cannot stage " + stagedName + ": " + e, e);
    }
  }

  static void requireWritable(RegionRoutes.Local local) throws StatusException {
    if (local.disk().readOnly()) {
      throw new StatusException(StatusCode.READ_ONLY, READ_ONLY_TEXT);
    }
  }

  /** A dropped database's region is there for its pipes alone. */
  private Optional<Region> led() {
    return local
        .regions()
        .find(id)
        .filter(Region::leads)
        .filter(region -> region.droppedIndex() == 0);
  }

  /** A leader that has been deposed and does not know it would show what was before. */
  private Region readable() throws ElsewhereException {
    Region region = led().orElseThrow(this::elsewhere);
    try {
      ApplyResult barrier = region.readBarrier().get(BARRIER_MS_MAX, TimeUnit.MILLISECONDS);
      if (barrier instanceof ApplyResult.Applied) {
        return region;
      }
    } catch (TimeoutException e) {
      LOG.warn(
          "Region {}: the others did not say within {} ms that this node leads still",
          id,
          BARRIER_MS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a region's answer is never exceptional", e);
    }
    throw elsewhere();
  }

  /** The leader as far as this replica has heard; never this node, which does not lead. */
  OptionalInt leaderElsewhere() {
    OptionalInt leader = local.regions().find(id).map(Region::leader).orElse(OptionalInt.empty());
    return leader.isPresent() && leader.getAsInt() != local.nodeId() ? leader : OptionalInt.empty();
  }

  ElsewhereException elsewhere() {
    return ElsewhereException.notHere(id, leaderElsewhere());
  }

  private Unavailable notHere() {
    return new Unavailable(StatusCode.REGION_NOT_HERE, Replica.notHereText(id));
  }

  /** Entries that bring points or series; the others only free space or keep the books. */
  private static boolean grows(LogEntry entry) {
    return entry instanceof LogEntry.InsertTablet
        || entry instanceof LogEntry.InsertRows
        || entry instanceof LogEntry.CreateSeries
        || entry instanceof LogEntry.LoadFile;
  }
}
