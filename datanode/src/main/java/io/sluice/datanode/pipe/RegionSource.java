package io.sluice.datanode.pipe;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileCutter;
import io.sluice.sync.sender.port.Backlog;
import io.sluice.sync.sender.port.PieceFile;
import io.sluice.sync.sender.port.ReadyRange;
import io.sluice.sync.sender.port.SourceRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One led region as a source of sealed files. Thread-safe. */
final class RegionSource implements SourceRegion {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  private final Region region;
  private final TsFileCutter cutter;
  private final Path outgoing;

  RegionSource(Region region, TsFileCutter cutter, Path outgoing) {
    this.region = region;
    this.cutter = cutter;
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
  public Optional<ReadyRange> openNextAfter(long index, long startTimeMs, UUID receiver)
      throws IOException {
    // The view pins files until they are linked or copied; what it hides is as of now.
    try (RegionView view = region.view()) {
      Optional<SealedFile> next = region.firstSealedAfter(index);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      SealedFile file = next.get();
      // Files are ordered by their end and only ranges with points have one.
      long start = Math.min(index, file.start());
      return Optional.of(
          new ReadyRange(start, file.end(), toShip(view, file, startTimeMs, receiver)));
    }
  }

  private Optional<PieceFile> toShip(
      RegionView view, SealedFile file, long startTimeMs, UUID receiver) throws IOException {
    if (file.path() == null
        || file.times().empty()
        || file.times().last() < startTimeMs
        || (file.loaded() && cameFrom(receiver))) {
      return Optional.empty();
    }
    Map<SeriesKey, List<TimeRange>> hidden = hidden(view, file);
    if (hidden.isEmpty() && file.times().first() >= startTimeMs) {
      return Optional.of(linked(file));
    }
    return cut(file, startTimeMs, hidden);
  }

  /** A cluster that sends into this region, and alone does, gets nothing of that back. */
  private boolean cameFrom(UUID receiver) {
    Set<Source> sources = region.sources();
    return !sources.isEmpty()
        && sources.stream().allMatch(source -> source.clusterId().equals(receiver));
  }

  private Map<SeriesKey, List<TimeRange>> hidden(RegionView view, SealedFile file)
      throws IOException {
    Map<SeriesKey, List<TimeRange>> hidden = new HashMap<>();
    for (SeriesInfo series : cutter.series(file.path())) {
      List<TimeRange> ranges = new ArrayList<>();
      for (RegionView.Hidden deletion : view.hidden(series.key())) {
        if (file.end() < deletion.atIndex() && deletion.range().overlaps(file.times())) {
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
    new FileKey(file.path(), file.lengthBytes(), file.crc32c()).check();
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

  @Override
  public void sealSoon() {
    region.sealSoon();
  }

  private Path fresh(long end) {
    return outgoing.resolve(region.id() + "-" + end + "-" + UUID.randomUUID() + ".tsfile");
  }
}
