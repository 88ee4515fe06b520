package io.sluice.datanode.read;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A region as a test puts it together. */
final class FakeRegionView implements RegionView {
  final List<Memory> memory = new ArrayList<>();
  final List<SealedFile> files = new ArrayList<>();
  final Map<SeriesKey, List<Hidden>> hidden = new HashMap<>();
  int closed;

  record FakeMemory(long end, Map<SeriesKey, PointBatch> batches) implements Memory {
    @Override
    public long rows() {
      return batches.values().stream().mapToLong(PointBatch::count).sum();
    }

    @Override
    public PointBatch points(SeriesKey key) {
      return batches.get(key);
    }
  }

  @Override
  public long appliedIndex() {
    return Long.MAX_VALUE;
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) {
    throw new UnsupportedOperationException("readers are told their series");
  }

  @Override
  public Optional<SeriesInfo> series(SeriesKey key) {
    throw new UnsupportedOperationException("readers are told their series");
  }

  @Override
  public List<Memory> memory() {
    return memory;
  }

  @Override
  public List<SealedFile> files() {
    return files;
  }

  @Override
  public long lastDeletion() {
    throw new UnsupportedOperationException("nobody ships it");
  }

  @Override
  public List<Hidden> hidden(SeriesKey key) {
    return hidden.getOrDefault(key, List.of());
  }

  @Override
  public void close() {
    closed++;
  }
}
