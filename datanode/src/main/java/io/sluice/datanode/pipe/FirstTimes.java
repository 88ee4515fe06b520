package io.sluice.datanode.pipe;

import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.point.TimeRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * From which time on the points of a piece are shipped, because earlier ones have expired.
 * Remembered for a while: a piece that is made again, since its transfer was cut, is the same to
 * the last byte and can be resumed. Another TTL counts at once. Thread-safe.
 */
final class FirstTimes {
  /** More than are on their way at a time. */
  private static final int PIECES_MAX = 64;

  /** Points may be expired this long when they are sent, or for the TTL's tenth if it is less. */
  private static final long KEPT_MS_MAX = 3_600_000;

  private static final int KEPT_PART = 10;

  private final Supplier<Expiry.Cutoff> current;

  /** By the end of the piece's range; the one longest not asked for goes first. */
  private final Map<Long, Expiry.Cutoff> known = new LinkedHashMap<>(PIECES_MAX, 0.75f, true);

  /**
   * @param current as of now
   */
  FirstTimes(Supplier<Expiry.Cutoff> current) {
    this.current = current;
  }

  /**
   * Long.MIN_VALUE when nothing of the piece has expired.
   *
   * @param end of the piece's range
   * @param times that its points are within
   */
  synchronized long of(long end, TimeRange times) {
    Expiry.Cutoff now = current.get();
    Expiry.Cutoff before = known.get(end);
    Expiry.Cutoff used = before != null && stillGood(before, now) ? before : now;
    known.put(end, used);
    if (known.size() > PIECES_MAX) {
      known.remove(known.keySet().iterator().next());
    }
    return times.first() >= used.firstTimeMs() ? Long.MIN_VALUE : used.firstTimeMs();
  }

  private static boolean stillGood(Expiry.Cutoff before, Expiry.Cutoff now) {
    long keptMs = Math.min(KEPT_MS_MAX, now.ttlMs() / KEPT_PART);
    return before.ttlMs() == now.ttlMs()
        && before.firstTimeMs() <= now.firstTimeMs()
        && now.firstTimeMs() - before.firstTimeMs() <= keptMs;
  }
}
