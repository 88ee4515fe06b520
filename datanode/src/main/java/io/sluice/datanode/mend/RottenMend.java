package io.sluice.datanode.mend;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.mend.Mended;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter.Facts;
import io.sluice.datanode.tsfile.TsFileCutter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Makes the file that takes a rotten one's place, of what a sender's regions brought. It stands
 * where the rotten one stood in the order of writing, so that whatever was written or deleted later
 * wins as before. What stood before it, and might be hidden by it now, is looked up point by point:
 * which of both the rotten file had hidden, nobody can say any more, and what this cluster's
 * clients did is nowhere else. Thread-safe: it has no state.
 */
public final class RottenMend {
  private final RegionReader reader;
  private final TsFileCutter cutter;
  private final SealedFileMerger merger;

  public RottenMend(RegionReader reader, TsFileCutter cutter, SealedFileMerger merger) {
    this.reader = reader;
    this.cutter = cutter;
    this.merger = merger;
  }

  /**
   * @param brought of every region of the sender that has fed this one; their staged files are
   *     removed when it is done
   * @throws StatusException when older points of this cluster's own cannot be read
   * @throws IOException when it cannot be done; the rotten file is where it was
   */
  Mended mend(Region region, SealedFile rotten, Collection<BroughtRows> brought)
      throws IOException, StatusException {
    Path folder = region.stagingFolder();
    List<Path> temporary = new ArrayList<>();
    try {
      List<FileKey> parts = new ArrayList<>();
      Optional<SealedFile> made;
      long points = 0;
      try (RegionView view = region.view()) {
        for (BroughtRows rows : brought) {
          if (rows.stagedName() != null) {
            Path part = fresh(folder, temporary);
            Optional<Facts> facts = cut(view, rotten, folder.resolve(rows.stagedName()), part);
            if (facts.isPresent()) {
              parts.add(new FileKey(part, facts.get().lengthBytes(), facts.get().crc32c()));
            }
          }
        }
        Path target = fresh(folder, temporary);
        Optional<Facts> facts = parts.isEmpty() ? Optional.empty() : merged(view, parts, target);
        points = facts.map(Facts::points).orElse(0L);
        made = facts.map(one -> inPlaceOf(rotten, target, one));
      }
      Path kept = region.replaceRotten(rotten, made);
      for (BroughtRows rows : brought) {
        if (rows.stagedName() != null) {
          Files.deleteIfExists(folder.resolve(rows.stagedName()));
        }
      }
      return new Mended(Mended.State.DONE, text(rotten, brought, points, kept));
    } finally {
      for (Path path : temporary) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Not listed anywhere: a crash leaves it to the next start to be removed. */
  private static Path fresh(Path folder, List<Path> temporary) {
    Path path = folder.resolve("mend-" + UUID.randomUUID() + ".tsfile");
    temporary.add(path);
    return path;
  }

  private static SealedFile inPlaceOf(SealedFile rotten, Path path, Facts facts) {
    return new SealedFile(
        rotten.start(),
        rotten.end(),
        path,
        facts.lengthBytes(),
        facts.crc32c(),
        facts.times(),
        rotten.route());
  }

  private Optional<Facts> merged(RegionView view, List<FileKey> parts, Path target)
      throws IOException {
    List<SealedFileMerger.Input> inputs =
        parts.stream()
            .map(part -> new SealedFileMerger.Input(part, series -> List.of(), 0))
            .toList();
    return merger
        .merge(inputs, List.of(target), view::series, () -> !Thread.currentThread().isInterrupted())
        .get(0);
  }

  private Optional<Facts> cut(RegionView view, SealedFile rotten, Path brought, Path target)
      throws IOException, StatusException {
    if (!Files.exists(brought)) {
      throw new IOException("rows that were brought are gone: another node has led the region");
    }
    Map<SeriesKey, SeriesInfo> series = new HashMap<>();
    cutter.series(brought).forEach(info -> series.put(info.key(), info));
    try {
      return cutter.cut(
          brought,
          target,
          device -> true,
          rotten.times().first(),
          key -> leftOut(view, rotten, key, series.get(key)));
    } catch (UncheckedIOException e) {
      if (e.getCause().getCause() instanceof StatusException unreadable) {
        throw unreadable;
      }
      throw e.getCause();
    }
  }

  /** Which of a series' rows do not come in. */
  private List<TimeRange> leftOut(
      RegionView view, SealedFile rotten, SeriesKey key, SeriesInfo brought) {
    Optional<SeriesInfo> known = view.series(key);
    boolean here =
        brought != null
            && known.isPresent()
            && known.get().aligned() == brought.aligned()
            && known.get().spec().type() == brought.spec().type();
    if (!here) {
      // It belongs to another region, was deleted here, or is another series by now.
      return List.of(TimeRange.ALL);
    }
    List<TimeRange> ranges = new ArrayList<>();
    if (rotten.times().last() < Long.MAX_VALUE) {
      ranges.add(new TimeRange(rotten.times().last() + 1, Long.MAX_VALUE));
    }
    for (RegionView.Hidden hidden : view.hidden(key)) {
      // A later one hides what comes by itself; what came after an earlier one was not deleted.
      boolean amid = hidden.atIndex() > rotten.start() && hidden.atIndex() <= rotten.end();
      if (hidden.route().isHere() && amid) {
        ranges.add(hidden.range());
      }
    }
    try {
      addOlderOfOthers(view, rotten, known.get(), ranges);
    } catch (StatusException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
    return ranges;
  }

  private void addOlderOfOthers(
      RegionView view, SealedFile rotten, SeriesInfo series, List<TimeRange> ranges)
      throws StatusException {
    List<UUID> way = rotten.route().clusters();
    ViewPart others = ViewPart.without(view, way.get(way.size() - 1));
    ViewPart older = ViewPart.ofRanges(others, 0, rotten.end());
    if (older.files().stream().noneMatch(file -> file.times().overlaps(rotten.times()))) {
      return;
    }
    ScanRequest request =
        new ScanRequest(
            List.of(series.key()), List.of(series.spec().type()), rotten.times(), false, 0);
    try (RowBlocks rows = reader.scan(older, request)) {
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        for (int row = 0; row < block.getPositionCount(); row++) {
          long time = block.getTimeByIndex(row);
          ranges.add(new TimeRange(time, time));
        }
      }
    }
  }

  private static String text(
      SealedFile rotten, Collection<BroughtRows> brought, long points, Path kept) {
    long sentFromMs =
        brought.stream().mapToLong(BroughtRows::sentFromMs).max().orElse(Long.MIN_VALUE);
    String lost =
        sentFromMs > rotten.times().first()
            ? "; the sender has or sends nothing before "
                + Instant.ofEpochMilli(sentFromMs)
                + ", and the file went back to "
                + Instant.ofEpochMilli(rotten.times().first())
            : "";
    return "%,d points from the sender have taken the place of rotten file %s%s; what it held and the sender has not any more is gone (the rotten file is kept as %s)"
        .formatted(points, rotten.path(), lost, kept);
  }
}
