package io.sluice.datanode.region;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.Route;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * A region as of one log index, for readers. Files in it are pinned until {@link #close}. Not
 * thread-safe; its parts are immutable.
 */
public interface RegionView extends AutoCloseable {
  /** The last applied index this view shows. */
  long appliedIndex();

  /** Series whose full path matches any of the patterns, ordered by key. */
  List<SeriesInfo> series(List<PathPattern> patterns);

  Optional<SeriesInfo> series(SeriesKey key);

  /** In-memory points of ranges not yet in a file, oldest range first. */
  List<Memory> memory();

  /** Sealed files that hold points, by ascending end. */
  List<SealedFile> files();

  /** Deletions of this series, oldest first. */
  List<Hidden> hidden(SeriesKey key);

  /** Log index of the newest deletion of any series, 0 for none. Looks at all of them. */
  long lastDeletion();

  /**
   * A deletion: it hides points of ranges with {@code end < atIndex}.
   *
   * @param range what is hidden
   * @param atIndex log index of the deletion
   * @param route how it came here: it hides what came the same way; {@link Route#HERE}: whatever
   *     stands there
   * @param series whether the series went with its points
   */
  record Hidden(TimeRange range, long atIndex, Route route, boolean series) {
    /** Of points alone, whatever stands there. */
    public Hidden(TimeRange range, long atIndex) {
      this(range, atIndex, Route.HERE, false);
    }

    /** Whether points of a range are hidden that ends there and came from there. */
    public boolean hides(long end, Route from) {
      return end < atIndex && from.endsWith(route);
    }
  }

  /** One memtable, open or being flushed. */
  interface Memory {
    /** End of its range; Long.MAX_VALUE while it is open. */
    long end();

    /** Rows written, those of equal times counted each. */
    long rows();

    /** Sorted points of one series without duplicates, null when it has none here. */
    PointBatch points(SeriesKey key);
  }

  @Override
  void close();
}
