package io.sluice.datanode.region.store;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.memtable.MemTable;
import java.util.List;
import java.util.Optional;

/** An image and the memtables that go with it, taken together. */
final class StoreView implements RegionView {
  private final RegionImage image;
  private final List<Memory> memory;
  private final FilePins.Pin pin;
  private boolean closed;

  /**
   * @param pin of before the image was taken; {@link #close} closes it
   */
  StoreView(RegionImage image, List<Memory> memory, FilePins.Pin pin) {
    this.image = image;
    this.memory = memory;
    this.pin = pin;
  }

  /** A memtable as far as {@code appliedIndex}. */
  record Points(MemTable table, long end, long appliedIndex) implements Memory {
    @Override
    public long rows() {
      return table.rows();
    }

    @Override
    public PointBatch points(SeriesKey key) {
      return table.points(key, appliedIndex);
    }
  }

  @Override
  public long appliedIndex() {
    return image.index();
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) {
    return image.series(patterns);
  }

  @Override
  public Optional<SeriesInfo> series(SeriesKey key) {
    return image.series(key);
  }

  @Override
  public List<Memory> memory() {
    return memory;
  }

  @Override
  public List<SealedFile> files() {
    return image.files();
  }

  @Override
  public List<Hidden> hidden(SeriesKey key) {
    List<Hidden> hidden = image.hidden().get(key);
    return hidden == null ? List.of() : hidden;
  }

  @Override
  public long lastDeletion() {
    return image.lastDeletion();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pin.close();
    }
  }
}
