package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.ChunkSpan;
import io.sluice.datanode.tsfile.HiddenRanges;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * Counts one series' points without reading them where that can be: a chunk that is wanted whole,
 * that no deletion touches and no other source overlaps, has as many points as its statistics say.
 * Stretches of time where sources overlap are merged and counted. Used once.
 */
final class SeriesCount {
  private final RegionSources sources;
  private final SealedFileReader reader;
  private final SeriesKey series;
  private final TSDataType type;

  /**
   * Points of one source that belong together.
   *
   * @param sure false when some of the {@code points} may be hidden
   */
  private record Stretch(TimeRange times, long points, boolean sure) {}

  SeriesCount(RegionSources sources, SealedFileReader reader, SeriesKey series, TSDataType type) {
    this.sources = sources;
    this.reader = reader;
    this.series = series;
    this.type = type;
  }

  long within(TimeRange times) throws StatusException {
    List<Stretch> stretches = stretches(times);
    stretches.sort(Comparator.comparingLong(stretch -> stretch.times().first()));
    long count = 0;
    int at = 0;
    while (at < stretches.size()) {
      Stretch first = stretches.get(at++);
      TimeRange span = first.times();
      boolean alone = true;
      while (at < stretches.size() && stretches.get(at).times().overlaps(span)) {
        span = span.span(stretches.get(at++).times());
        alone = false;
      }
      count += alone && first.sure() ? first.points() : merge(span.intersect(times));
    }
    return count;
  }

  private List<Stretch> stretches(TimeRange times) throws StatusException {
    List<Stretch> stretches = new ArrayList<>();
    List<HiddenRanges> hidden = sources.hidden(series, times);
    for (int i = 0; i < sources.parts().size(); i++) {
      RegionSources.Part part = sources.parts().get(i);
      HiddenRanges out = hidden.get(i);
      if (part.memory() != null) {
        PointBatch points = part.memory().points(series);
        PointBatch left = points == null || points.count() == 0 ? null : out.leaveOut(points);
        if (left != null && left.count() > 0) {
          stretches.add(new Stretch(left.range(), left.count(), true));
        }
      } else if (!out.cover(part.file().times())) {
        for (ChunkSpan chunk : FileSource.visibleChunks(reader, part.fileKey(), series, out)) {
          TimeRange own = chunk.values().times();
          stretches.add(new Stretch(own, chunk.values().points(), !out.touch(own)));
        }
      }
    }
    return stretches;
  }

  private long merge(TimeRange times) throws StatusException {
    MergedSeries merged = sources.merged(series, type, times, TimeOrder.ASCENDING);
    long count = 0;
    for (KeyedPoints points = merged.next(); points != null; points = merged.next()) {
      count += points.count();
    }
    return count;
  }
}
