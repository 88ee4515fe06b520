package io.sluice.datanode.cluster;

import io.sluice.common.time.MonotonicClock;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who led each region last, since when a region has had no leader, and which nodes did not answer a
 * moment ago: what one call learns, the next need not. Thread-safe.
 */
final class KnownLeaders {
  /** A node that did not answer is asked after the others for so long. */
  private static final long SILENT_MS = 3_000;

  private final long leaderlessMsMax;
  private final MonotonicClock clock;
  private final Map<UUID, Led> leaders = new ConcurrentHashMap<>();
  private final Map<UUID, Leaderless> leaderless = new ConcurrentHashMap<>();
  private final Map<Integer, Long> silentUntilMs = new ConcurrentHashMap<>();

  private record Led(int node, long foundAtMs) {}

  private record Leaderless(long sinceMs, long seenAtMs) {}

  /**
   * @param leaderlessMsMax how long a leader is looked for
   */
  KnownLeaders(long leaderlessMsMax, MonotonicClock clock) {
    this.leaderlessMsMax = leaderlessMsMax;
    this.clock = clock;
  }

  OptionalInt leader(UUID region) {
    Led led = leaders.get(region);
    return led == null ? OptionalInt.empty() : OptionalInt.of(led.node());
  }

  /** The node has just done what only the leader does. */
  void leads(UUID region, int node) {
    Led before = leaders.get(region);
    if (before == null || before.node() != node) {
      found(region, node);
    }
    if (!leaderless.isEmpty()) {
      leaderless.remove(region);
    }
    if (!silentUntilMs.isEmpty()) {
      silentUntilMs.remove(node);
    }
  }

  /** The node was looked for, and leads. */
  void found(UUID region, int node) {
    leaders.put(region, new Led(node, clock.nowMs()));
  }

  /** Whether another node than this was found to lead at or after this time. */
  boolean foundElsewhere(UUID region, int node, long sinceMs) {
    Led led = leaders.get(region);
    return led != null && led.node() != node && led.foundAtMs() >= sinceMs;
  }

  void doesNotLead(UUID region, int node) {
    leaders.computeIfPresent(region, (key, led) -> led.node() == node ? null : led);
  }

  void silent(int node) {
    silentUntilMs.put(node, clock.nowMs() + SILENT_MS);
  }

  boolean isSilent(int node) {
    Long until = silentUntilMs.get(node);
    return until != null && clock.nowMs() < until;
  }

  /**
   * Nobody was found to lead the region. True once that has been so for longer than is waited, by
   * this call and those before it: while a region is down, each call fails after one look around
   * instead of keeping a thread for the whole time.
   */
  boolean leaderlessTooLong(UUID region) {
    long nowMs = clock.nowMs();
    Leaderless seen =
        leaderless.compute(
            region,
            (key, before) ->
                before == null || nowMs - before.seenAtMs() > leaderlessMsMax
                    ? new Leaderless(nowMs, nowMs)
                    : new Leaderless(before.sinceMs(), nowMs));
    return nowMs - seen.sinceMs() >= leaderlessMsMax;
  }

  /** Forgets what is not one of these. */
  void keepOnly(Set<UUID> regions) {
    leaders.keySet().retainAll(regions);
    leaderless.keySet().retainAll(regions);
  }
}
