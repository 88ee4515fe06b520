package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.tsfile.HiddenRanges;
import org.apache.tsfile.enums.TSDataType;

/** A memtable's points of one series. */
final class MemorySource extends SeriesSource {
  private final RegionView.Memory memory;
  private final SeriesKey key;
  private final TSDataType type;
  private final HiddenRanges hidden;
  private final TimeOrder order;
  private boolean read;

  MemorySource(
      int rank,
      long bound,
      RegionView.Memory memory,
      SeriesKey key,
      TSDataType type,
      HiddenRanges hidden,
      TimeOrder order) {
    super(rank, bound);
    this.memory = memory;
    this.key = key;
    this.type = type;
    this.hidden = hidden;
    this.order = order;
  }

  @Override
  boolean refine() throws StatusException {
    if (read) {
      return false;
    }
    read = true;
    PointBatch all = memory.points(key);
    if (all == null || all.count() == 0) {
      return false;
    }
    PointBatch left = hidden.leaveOut(all);
    if (left.count() == 0) {
      return false;
    }
    // Only what is visible has to fit: a dropped series may come back with another type.
    PointTypes.check(key, type, left.type(), () -> "memory");
    provide(order.keyed(left));
    return true;
  }

  @Override
  boolean hasMore() {
    return false;
  }
}
