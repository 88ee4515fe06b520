package io.sluice.datanode.read;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.HiddenRanges;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * Where a region's points are, for one request: memtables and files whose times may matter, oldest
 * range first. A file may be newer than a memtable that is still being flushed.
 */
final class RegionSources {
  private final RegionView view;
  private final SealedFileReader reader;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A memtable or a file.
   *
   * @param end of its range: deletions after it hide its points
   * @param memory null for a file
   * @param file null for a memtable
   */
  record Part(long end, RegionView.Memory memory, SealedFile file) {
    boolean hiddenBy(RegionView.Hidden deletion) {
      return deletion.hides(end, file == null ? Route.HERE : file.route());
    }

    FileKey fileKey() {
      return new FileKey(file.path(), file.lengthBytes(), file.crc32c());
    }
  }

  RegionSources(RegionView view, SealedFileReader reader, TimeRange times) {
    this.view = view;
    this.reader = reader;
    for (SealedFile file : view.files()) {
      if (file.path() != null && file.times().overlaps(times)) {
        parts.add(new Part(file.end(), null, file));
      }
    }
    for (RegionView.Memory memory : view.memory()) {
      parts.add(new Part(memory.end(), memory, null));
    }
    // Stable: of two with the same end, the memtable stays behind the file.
    parts.sort(Comparator.comparingLong(Part::end));
  }

  /** By ascending rank. */
  List<Part> parts() {
    return parts;
  }

  /** What to leave out of a series' points in each part: deletions, and times not asked for. */
  List<HiddenRanges> hidden(SeriesKey series, TimeRange times) {
    List<RegionView.Hidden> deletions = view.hidden(series);
    List<HiddenRanges> hidden = new ArrayList<>(parts.size());
    HiddenRanges none = HiddenRanges.NONE.butOnly(times);
    for (Part part : parts) {
      if (deletions.stream().noneMatch(part::hiddenBy)) {
        hidden.add(none);
        continue;
      }
      List<TimeRange> ranges =
          deletions.stream().filter(part::hiddenBy).map(RegionView.Hidden::range).toList();
      hidden.add(HiddenRanges.of(ranges).butOnly(times));
    }
    return hidden;
  }

  /** A series' points of all parts within {@code times}, merged. */
  MergedSeries merged(SeriesKey series, TSDataType type, TimeRange times, TimeOrder order) {
    List<HiddenRanges> hidden = hidden(series, times);
    List<SeriesSource> sources = new ArrayList<>();
    for (int rank = 0; rank < parts.size(); rank++) {
      Part part = parts.get(rank);
      HiddenRanges out = hidden.get(rank);
      if (part.memory() != null) {
        sources.add(
            new MemorySource(rank, order.firstKey(times), part.memory(), series, type, out, order));
      } else if (!out.cover(part.file().times())) {
        long bound = order.firstKey(part.file().times().intersect(times));
        sources.add(new FileSource(rank, bound, reader, part.fileKey(), series, type, out, order));
      }
    }
    return new MergedSeries(type, sources);
  }
}
