package io.sluice.datanode.region.compact;

import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which files go because all their points have expired: those that every pipe has passed and no
 * replica may ask for any more. A file that may hide older points of another that stays, stays too:
 * if the TTL were raised, they would come back in place of the newer ones. Pure.
 */
public final class ExpiryPlan {
  private ExpiryPlan() {}

  /**
   * @param durable the region as of its last durable range, no order for its files under way
   * @param floors of every pipe
   * @param settledIndex a loaded file above it may still be asked for by another replica
   * @param beforeMs points before it have expired; Long.MIN_VALUE when none have
   * @return empty when nothing is to go
   */
  public static Optional<LogEntry.Expire> next(
      RegionImage durable, List<PipeFloor> floors, long settledIndex, long beforeMs) {
    long last = Math.min(settledIndex, durable.index());
    for (PipeFloor floor : floors) {
      last = Math.min(last, floor.position());
    }
    LogEntry.Expire order = new LogEntry.Expire(beforeMs, last);
    return expired(durable, order).isEmpty() ? Optional.empty() : Optional.of(order);
  }

  /** The files of a replica that go by an order. */
  public static List<SealedFile> expired(RegionImage durable, LogEntry.Expire order) {
    List<SealedFile> expired = new ArrayList<>();
    List<TimeRange> staying = new ArrayList<>();
    for (SealedFile file : durable.files()) {
      if (file.end() > order.last()) {
        break;
      }
      if (file.times().last() < order.beforeMs()
          && staying.stream().noneMatch(file.times()::overlaps)) {
        expired.add(file);
      } else if (file.times().first() < order.beforeMs()) {
        staying.add(file.times());
      }
    }
    return expired;
  }
}
