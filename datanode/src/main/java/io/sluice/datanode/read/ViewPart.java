package io.sluice.datanode.read;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import java.util.List;
import java.util.Optional;

/**
 * What some ranges of a region's log hold: those that end in a half-open stretch of it. Stands on
 * another view, which stays its owner's to close. Not thread-safe.
 *
 * @param fromEnd ranges that end before it are left out
 * @param beforeEnd ranges that end here or later are left out; rows in memory end at Long.MAX_VALUE
 *     or later than any file, and are there only without this limit
 */
public record ViewPart(RegionView whole, long fromEnd, long beforeEnd) implements RegionView {
  /** No upper limit. */
  public static final long EVERYTHING = Long.MAX_VALUE;

  @Override
  public long appliedIndex() {
    return whole.appliedIndex();
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) {
    return whole.series(patterns);
  }

  @Override
  public Optional<SeriesInfo> series(SeriesKey key) {
    return whole.series(key);
  }

  @Override
  public List<Memory> memory() {
    return beforeEnd == EVERYTHING ? whole.memory() : List.of();
  }

  @Override
  public List<SealedFile> files() {
    return whole.files().stream()
        .filter(file -> file.end() >= fromEnd && file.end() < beforeEnd)
        .toList();
  }

  @Override
  public List<Hidden> hidden(SeriesKey key) {
    return whole.hidden(key);
  }

  @Override
  public long lastDeletion() {
    return whole.lastDeletion();
  }

  /** Nothing is held here. */
  @Override
  public void close() {}
}
