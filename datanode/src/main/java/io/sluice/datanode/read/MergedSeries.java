package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.tsfile.enums.TSDataType;

/**
 * Merges the sources of one series by key; where several have the same key the highest rank wins.
 * While only one source has points in some stretch, its arrays are handed on as they are. Not
 * thread-safe.
 */
final class MergedSeries {
  /** Runs at least this long are handed on, shorter ones are gathered. */
  private static final int RUN_POINTS_MIN = 256;

  private static final int GATHERED_POINTS_MAX = 2_048;

  /** At the same bound, those not ready first: they may turn out to be elsewhere. */
  private static final Comparator<SeriesSource> NEXT_FIRST =
      Comparator.comparingLong(SeriesSource::bound)
          .thenComparing(SeriesSource::ready)
          .thenComparing(SeriesSource::rank, Comparator.reverseOrder());

  private final TSDataType type;
  private final PriorityQueue<SeriesSource> queue;
  private long[] gatheredKeys;
  private Object gatheredValues;
  private int gathered;

  MergedSeries(TSDataType type, List<SeriesSource> sources) {
    this.type = type;
    this.queue = new PriorityQueue<>(Math.max(1, sources.size()), NEXT_FIRST);
    this.queue.addAll(sources);
  }

  /** The next points, at least one; null at the end. */
  KeyedPoints next() throws StatusException {
    while (!queue.isEmpty() && gathered < GATHERED_POINTS_MAX) {
      SeriesSource source = queue.poll();
      if (!source.ready()) {
        if (source.refine()) {
          queue.add(source);
        }
        continue;
      }
      KeyedPoints run = runOf(source);
      boolean handOn = run.count() >= RUN_POINTS_MIN;
      if (handOn && gathered > 0) {
        // First what was gathered before it.
        queue.add(source);
        return takeGathered();
      }
      int taken = handOn ? run.count() : Math.min(run.count(), GATHERED_POINTS_MAX - gathered);
      dropOverridden(run.firstKey());
      if (source.skipTo(run.from() + taken)) {
        queue.add(source);
      }
      if (handOn) {
        return run;
      }
      gather(run, taken);
    }
    return gathered > 0 ? takeGathered() : null;
  }

  /** What of the source's points comes before any other source's. */
  private KeyedPoints runOf(SeriesSource source) {
    KeyedPoints points = source.points();
    SeriesSource other = queue.peek();
    if (other == null) {
      return points;
    }
    if (other.bound() == points.firstKey()) {
      return points.upTo(points.from() + 1);
    }
    return points.upTo(points.position(other.bound()));
  }

  /** Passes over the other sources' points at this key: all that have one are ready by now. */
  private void dropOverridden(long key) {
    while (!queue.isEmpty() && queue.peek().bound() == key) {
      SeriesSource lower = queue.poll();
      if (lower.skipTo(lower.points().from() + 1)) {
        queue.add(lower);
      }
    }
  }

  private void gather(KeyedPoints run, int count) {
    if (gatheredKeys == null) {
      gatheredKeys = new long[GATHERED_POINTS_MAX];
      gatheredValues = PointBatch.newValues(type, GATHERED_POINTS_MAX);
    }
    if (count == 1) {
      gatheredKeys[gathered] = run.firstKey();
    } else {
      System.arraycopy(run.keys(), run.from(), gatheredKeys, gathered, count);
    }
    System.arraycopy(run.values(), run.from(), gatheredValues, gathered, count);
    gathered += count;
  }

  private KeyedPoints takeGathered() {
    KeyedPoints points = new KeyedPoints(gatheredKeys, gatheredValues, 0, gathered);
    gatheredKeys = null;
    gatheredValues = null;
    gathered = 0;
    return points;
  }
}
