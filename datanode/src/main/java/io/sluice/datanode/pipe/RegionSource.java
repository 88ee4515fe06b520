package io.sluice.datanode.pipe;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.tsfile.DamagedFileException;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileCutter;
import io.sluice.sync.sender.port.Backlog;
import io.sluice.sync.sender.port.PieceFile;
import io.sluice.sync.sender.port.ReadyRange;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One led region as a source of sealed files. Thread-safe. */
final class RegionSource implements SourceRegion {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");
  private static final long WRITE_MS_MAX = 10_000;

  private final Region region;
  private final TsFileCutter cutter;
  private final RejoinPiece rejoins;
  private final FirstTimes firstTimes;
  private final ShippingOrder order;
  private final Path outgoing;

  /**
   * @param expiry what is not sent any more
   * @param order which pipes ship it now
   * @param outgoing folder for links and files made to be sent
   */
  RegionSource(
      Region region,
      TsFileCutter cutter,
      RejoinPiece rejoins,
      Expiry expiry,
      ShippingOrder order,
      Path outgoing) {
    this.region = region;
    this.cutter = cutter;
    this.rejoins = rejoins;
    this.firstTimes = new FirstTimes(() -> expiry.of(region));
    this.order = order;
    this.outgoing = outgoing;
  }

  Region region() {
    return region;
  }

  @Override
  public UUID id() {
    return region.id();
  }

  @Override
  public String database() {
    return region.database();
  }

  @Override
  public boolean shippedBy(long pipeNumber) {
    return order.ships(region.id(), pipeNumber);
  }

  @Override
  public Lineage lineage() {
    return region.lineage();
  }

  @Override
  public long logEnd() {
    // A new leader has applied the Seal that ended a range before its own file of it is durable.
    return Math.max(
        region.state().appliedIndex(), Math.max(region.durableIndex(), region.lastDataIndex()));
  }

  @Override
  public long lastDataIndex() {
    return region.lastDataIndex();
  }

  @Override
  public Backlog backlogAfter(long index) {
    long files = 0;
    long bytes = 0;
    SealedFile oldest = null;
    try (RegionView view = region.view()) {
      for (SealedFile file : view.files()) {
        if (file.end() > index) {
          files++;
          bytes += file.lengthBytes();
          oldest = oldest == null ? file : oldest;
        }
      }
      long rows = view.memory().stream().mapToLong(RegionView.Memory::rows).sum();
      return new Backlog(files, bytes, oldest == null ? 0 : writtenAtMs(oldest), rows);
    }
  }

  private static long writtenAtMs(SealedFile file) {
    try {
      return Files.getLastModifiedTime(file.path()).toMillis();
    } catch (IOException e) {
      LOG.debug("no time of {}", file.path(), e);
      return 0;
    }
  }

  @Override
  public Optional<ReadyRange> openNextAfter(long index, Wanted wanted) throws IOException {
    // The view pins files until they are linked or copied; what it hides is as of now.
    try (RegionView view = region.view()) {
      List<HeldSeries> held = region.held(wanted.pipeNumber());
      Optional<SealedFile> next = region.firstSealedAfter(index);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      SealedFile file = next.get();
      // Of what stands before something durable, all that was written before it is durable too.
      OptionalLong rejoin = nextRejoin(held, index);
      Optional<Region.DeletionAt> deletion =
          wanted.deletions()
              ? region.firstDeletionAfter(index, wanted.receiver())
              : Optional.empty();
      long cutBy = cutBy(view, held, wanted);
      long rejoinAt = rejoin.orElse(Long.MAX_VALUE);
      long deletionAt = deletion.map(Region.DeletionAt::index).orElse(Long.MAX_VALUE);
      Optional<Resend> resend = nextResend(wanted.pipeNumber(), index);
      long resendAt = resend.map(Resend::index).orElse(Long.MAX_VALUE);
      if (rejoinAt <= file.end() && rejoinAt < Math.min(deletionAt, resendAt)) {
        Wanted unexpired = wanted.notBefore(firstTimes.of(rejoinAt, TimeRange.ALL));
        return Optional.of(rejoining(view, held, index, rejoinAt, cutBy, unexpired));
      }
      if (resendAt <= file.end() && resendAt < deletionAt) {
        Wanted unexpired = wanted.notBefore(firstTimes.of(resendAt, TimeRange.ALL));
        cutBy = Math.max(cutBy, view.lastDeletion());
        return Optional.of(resending(view, held, index, resend.get(), cutBy, unexpired));
      }
      if (deletionAt <= file.end()) {
        return Optional.of(deleting(index, deletion.get(), cutBy, wanted));
      }
      // Files are ordered by their end and only ranges with points have one.
      long start = Math.min(index, file.start());
      Wanted unexpired = wanted.notBefore(firstTimes.of(file.end(), file.times()));
      return Optional.of(
          new ReadyRange(
              start, file.end(), cutBy, file.route(), toShip(view, file, held, unexpired)));
    }
  }

  /** What was merged is cut by the deletions there were then: none is newer than the newest. */
  private long cutBy(RegionView view, List<HeldSeries> held, Wanted wanted) {
    long deletion = wanted.deletions() ? view.lastDeletion() : 0;
    // Held back by an entry whose index nobody has kept; it is applied.
    return held.isEmpty() ? deletion : logEnd();
  }

  /** Cut to the times that are sent. */
  private ReadyRange deleting(long start, Region.DeletionAt at, long cutBy, Wanted wanted)
      throws IOException {
    Deletion all = at.deletion();
    TimeRange sent = new TimeRange(wanted.startTimeMs(), Long.MAX_VALUE);
    TimeRange range = all.range().intersect(sent);
    if (range.empty()) {
      return new ReadyRange(start, at.index(), cutBy, at.route(), Optional.empty());
    }
    byte[] bytes = DeletionPiece.bytes(new Deletion(range, all.series(), all.devices()));
    PieceFile piece = OutgoingDeletion.write(fresh(at.index()), bytes);
    return new ReadyRange(start, at.index(), cutBy, at.route(), Optional.of(piece));
  }

  private static OptionalLong nextRejoin(List<HeldSeries> held, long index) {
    return held.stream().mapToLong(HeldSeries::rejoinIndex).filter(at -> at > index).min();
  }

  private ReadyRange rejoining(
      RegionView view, List<HeldSeries> held, long start, long index, long cutBy, Wanted wanted)
      throws IOException {
    List<SeriesKey> keys =
        held.stream().filter(one -> one.rejoinIndex() == index).map(HeldSeries::key).toList();
    Path target = fresh(index);
    Optional<PieceFile> file =
        rejoins
            .write(view, keys, index, wanted.startTimeMs(), target)
            .map(facts -> new OutgoingFile(target, facts.lengthBytes(), facts.crc32c()));
    return new ReadyRange(start, index, cutBy, Route.HERE, file);
  }

  private Optional<Resend> nextResend(long pipeNumber, long index) {
    return region.resends(pipeNumber).stream().filter(one -> one.index() > index).findFirst();
  }

  /** What is held back stays so, and what came from the receiver does not go back. */
  private ReadyRange resending(
      RegionView view, List<HeldSeries> held, long start, Resend resend, long cutBy, Wanted wanted)
      throws IOException {
    Set<SeriesKey> without =
        held.stream()
            .filter(one -> one.leftOutOf(resend.index()))
            .map(HeldSeries::key)
            .collect(Collectors.toSet());
    Path target = fresh(resend.index());
    Optional<PieceFile> file =
        rejoins
            .write(
                ViewPart.without(view, wanted.receiver()),
                resend,
                without,
                wanted.startTimeMs(),
                target)
            .map(facts -> new OutgoingFile(target, facts.lengthBytes(), facts.crc32c()));
    return new ReadyRange(start, resend.index(), cutBy, Route.HERE, file);
  }

  private Optional<PieceFile> toShip(
      RegionView view, SealedFile file, List<HeldSeries> held, Wanted wanted) throws IOException {
    if (file.path() == null
        || file.times().empty()
        || file.times().last() < wanted.startTimeMs()
        || file.route().passes(wanted.receiver())) {
      return Optional.empty();
    }
    // Without deletions what was written is sent as it was written.
    Map<SeriesKey, List<TimeRange>> leftOut =
        wanted.deletions() ? hidden(view, file) : new HashMap<>();
    for (HeldSeries one : held) {
      if (one.leftOutOf(file.end())) {
        leftOut.put(one.key(), List.of(TimeRange.ALL));
      }
    }
    if (leftOut.isEmpty() && file.times().first() >= wanted.startTimeMs()) {
      return Optional.of(linked(file));
    }
    return cut(file, wanted.startTimeMs(), leftOut);
  }

  @Override
  public int holdBack(long pipeNumber, long sinceIndex, List<SeriesConflict> series)
      throws IOException {
    Set<SeriesKey> before =
        region.held(pipeNumber).stream()
            .filter(HeldSeries::held)
            .map(HeldSeries::key)
            .collect(Collectors.toSet());
    propose(new LogEntry.HoldBack(pipeNumber, sinceIndex, WallClock.SYSTEM.nowMs(), series));
    return (int)
        series.stream()
            .map(one -> new SeriesKey(one.device(), one.measurement()))
            .filter(key -> !before.contains(key))
            .count();
  }

  @Override
  public int heldBack(long pipeNumber) {
    return (int) region.held(pipeNumber).stream().filter(HeldSeries::held).count();
  }

  @Override
  public void forgetPipe(long pipeNumber) {
    if (region.held(pipeNumber).isEmpty() && region.resends(pipeNumber).isEmpty()) {
      return;
    }
    try {
      propose(new LogEntry.ForgetPipe(pipeNumber));
    } catch (IOException e) {
      // Whoever leads the region next is told of the drop too; what stays does no harm.
      LOG.warn("what pipe {} held back of region {} stays known", pipeNumber, region.id(), e);
    }
  }

  private void propose(LogEntry entry) throws IOException {
    ApplyResult result;
    try {
      result = region.propose(entry).get(WRITE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("region " + region.id() + " has not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this node is closing", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a region's answer is never exceptional", e);
    }
    if (result instanceof ApplyResult.Refused refused) {
      throw new IOException(refused.message());
    } else if (!(result instanceof ApplyResult.Applied)) {
      throw new IOException("region " + region.id() + ": " + result);
    }
  }

  private Map<SeriesKey, List<TimeRange>> hidden(RegionView view, SealedFile file)
      throws IOException {
    Map<SeriesKey, List<TimeRange>> hidden = new HashMap<>();
    for (SeriesInfo series : cutter.series(file.path())) {
      List<TimeRange> ranges = new ArrayList<>();
      for (RegionView.Hidden deletion : view.hidden(series.key())) {
        if (deletion.hides(file.end(), file.route()) && deletion.range().overlaps(file.times())) {
          ranges.add(deletion.range());
        }
      }
      if (!ranges.isEmpty()) {
        hidden.put(series.key(), ranges);
      }
    }
    return hidden;
  }

  private PieceFile linked(SealedFile file) throws IOException {
    whole(file);
    Path link = fresh(file.end());
    try {
      Files.createLink(link, file.path());
    } catch (UnsupportedOperationException e) {
      Files.copy(file.path(), link);
    }
    return new OutgoingFile(link, file.lengthBytes(), file.crc32c());
  }

  private Optional<PieceFile> cut(
      SealedFile file, long startTimeMs, Map<SeriesKey, List<TimeRange>> hidden)
      throws IOException {
    // What is cut gets a checksum of its own: a rotten original must not be sent under it.
    whole(file);
    Path target = fresh(file.end());
    Optional<SealedFileWriter.Facts> facts =
        cutter.cut(
            file.path(),
            target,
            device -> true,
            startTimeMs,
            key -> hidden.getOrDefault(key, List.of()));
    return facts.map(cut -> new OutgoingFile(target, cut.lengthBytes(), cut.crc32c()));
  }

  /**
   * The receiver would refuse a rotten file whole, again and again.
   *
   * @throws DamagedFileException naming it; it is repaired, where it can be, and tried again
   */
  private void whole(SealedFile file) throws IOException {
    try {
      new FileKey(file.path(), file.lengthBytes(), file.crc32c()).check();
    } catch (DamagedFileException e) {
      region.suspect(file.path());
      throw e;
    }
  }

  @Override
  public void sealSoon() {
    region.sealSoon();
  }

  private Path fresh(long end) {
    return outgoing.resolve(region.id() + "-" + end + "-" + UUID.randomUUID() + ".tsfile");
  }
}
