package io.sluice.datanode.read;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A region with some of its files. Stands on another view, which stays its owner's to close. Not
 * thread-safe.
 *
 * @param kept which files it has
 * @param withMemory whether it has the rows that are in no file yet
 */
public record ViewPart(RegionView whole, Predicate<SealedFile> kept, boolean withMemory)
    implements RegionView {
  /** No upper limit. */
  public static final long EVERYTHING = Long.MAX_VALUE;

  /**
   * What some ranges of the region's log hold: those that end in a half-open stretch of it.
   *
   * @param fromEnd ranges that end before it are left out
   * @param beforeEnd ranges that end here or later are left out; rows in memory end at
   *     Long.MAX_VALUE or later than any file, and are there only without this limit
   */
  public static ViewPart ofRanges(RegionView whole, long fromEnd, long beforeEnd) {
    return new ViewPart(
        whole, file -> file.end() >= fromEnd && file.end() < beforeEnd, beforeEnd == EVERYTHING);
  }

  /** Without what has passed that cluster; rows in memory were written here. */
  public static ViewPart without(RegionView whole, UUID origin) {
    return new ViewPart(whole, file -> !file.route().passes(origin), true);
  }

  /** Without these files. */
  public static ViewPart sparing(RegionView whole, Set<SealedFile> spared) {
    return new ViewPart(whole, file -> !spared.contains(file), true);
  }

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
    return withMemory ? whole.memory() : List.of();
  }

  @Override
  public List<SealedFile> files() {
    return whole.files().stream().filter(kept).toList();
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
