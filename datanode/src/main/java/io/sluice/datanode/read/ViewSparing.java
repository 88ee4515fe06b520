package io.sluice.datanode.read;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A region without some of its files. Stands on another view, which stays its owner's to close. Not
 * thread-safe.
 *
 * @param spared what is left out
 */
public record ViewSparing(RegionView whole, Set<SealedFile> spared) implements RegionView {
  public ViewSparing {
    spared = Set.copyOf(spared);
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
    return whole.memory();
  }

  @Override
  public List<SealedFile> files() {
    return whole.files().stream().filter(file -> !spared.contains(file)).toList();
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
