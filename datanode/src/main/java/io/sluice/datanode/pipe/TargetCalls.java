package io.sluice.datanode.pipe;

import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps a region that does not answer from taking all of the receiver's workers: while it keeps a
 * few callers waiting for long, further ones are told at once. Thread-safe.
 */
public final class TargetCalls {
  /** A region may keep so many callers waiting, however long. */
  static final int LONG_WAITS_MAX = 2;

  /** What a healthy region may take, also just after its leader changed. */
  static final long LONG_WAIT_MS = 3_000;

  private final MonotonicClock clock;

  /** Starts of the calls under way, by region, oldest first. */
  private final Map<UUID, Queue<Long>> underWay = new HashMap<>();

  /** Regions whose last answer took long, or did not come. */
  private final Set<UUID> slow = new HashSet<>();

  public TargetCalls(MonotonicClock clock) {
    this.clock = clock;
  }

  /** One call; closed when it has been answered, or is given up. */
  interface Call extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @throws TargetUnavailableException when enough callers wait for the region already
   */
  synchronized Call begin(UUID region) throws TargetUnavailableException {
    long nowMs = clock.nowMs();
    Queue<Long> waiting = underWay.computeIfAbsent(region, id -> new ArrayDeque<>());
    if (waiting.size() >= LONG_WAITS_MAX
        && (slow.contains(region) || nowMs - waiting.element() >= LONG_WAIT_MS)) {
      throw new TargetUnavailableException(
          "region " + region + " has not answered for " + (nowMs - waiting.element()) + " ms");
    }
    Long startMs = nowMs;
    waiting.add(startMs);
    return () -> end(region, startMs);
  }

  private synchronized void end(UUID region, Long startMs) {
    Queue<Long> waiting = underWay.get(region);
    waiting.remove(startMs);
    if (clock.nowMs() - startMs >= LONG_WAIT_MS) {
      slow.add(region);
    } else {
      slow.remove(region);
    }
    if (waiting.isEmpty()) {
      underWay.remove(region);
    }
  }
}
