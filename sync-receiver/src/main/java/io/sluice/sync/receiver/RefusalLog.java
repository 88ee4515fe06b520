package io.sluice.sync.receiver;

import io.sluice.common.collect.LastUsed;
import io.sluice.common.time.MonotonicClock;
import java.util.Map;

/**
 * Which refusals are news: a sender that is turned away comes back every few seconds, once for each
 * of its regions, and the log is to be read by people. Thread-safe.
 */
final class RefusalLog {
  /** The same refusal of the same address is said once in so long. */
  static final long REPEAT_MS = 60_000;

  private static final int ENTRIES_MAX = 1_000;

  private final MonotonicClock clock;
  private final Map<String, Long> saidAtMs = new LastUsed<>(ENTRIES_MAX);

  RefusalLog(MonotonicClock clock) {
    this.clock = clock;
  }

  /** True when it is to be said, which then counts as done. */
  synchronized boolean isNews(String text) {
    long nowMs = clock.nowMs();
    Long said = saidAtMs.get(text);
    if (said != null && nowMs - said < REPEAT_MS) {
      return false;
    }
    saidAtMs.put(text, nowMs);
    return true;
  }

  /** What is refused after this is news again. */
  synchronized void forgetAll() {
    saidAtMs.clear();
  }
}
