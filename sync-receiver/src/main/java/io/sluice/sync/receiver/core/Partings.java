package io.sluice.sync.receiver.core;

import io.sluice.common.collect.LastUsed;
import io.sluice.common.sync.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * How often sources came with a log that had parted from what was known of it. A restored sender
 * does so once; two that live with one identity, each heard at another node of this cluster, do so
 * again and again. Thread-safe.
 */
public final class Partings {
  /** Within {@link #WINDOW_MS}. */
  static final int ACCEPTED_MAX = 3;

  public static final long WINDOW_MS = 600_000;

  /** The one heard longest ago is forgotten for another. */
  static final int SOURCES_MAX = 10_000;

  private final Map<Source, Deque<Long>> acceptedAtMs = new LastUsed<>(SOURCES_MAX);

  /** Whether one more is to be believed; counts it if so. */
  public synchronized boolean accept(Source source, long nowMs) {
    Deque<Long> times = acceptedAtMs.computeIfAbsent(source, each -> new ArrayDeque<>());
    while (!times.isEmpty() && nowMs - times.getFirst() >= WINDOW_MS) {
      times.removeFirst();
    }
    if (times.size() >= ACCEPTED_MAX) {
      return false;
    }
    times.addLast(nowMs);
    return true;
  }
}
