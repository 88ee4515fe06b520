package io.sluice.datanode.access;

import io.sluice.common.time.MonotonicClock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after a few wrong passwords in a row for a user from an address, that pair
 * waits, twice as long with each further one. Others are not held up by it. Thread-safe.
 */
final class LoginBrake {
  /** Wrong passwords in a row that cost nothing yet. */
  static final int FREE_FAILURES = 3;

  static final long WAIT_MS_FIRST = 1_000;
  static final long WAIT_MS_MAX = 60_000;

  /** Pairs remembered; beyond it those longest without a failure are forgotten. */
  static final int PAIRS_MAX = 10_000;

  private final MonotonicClock clock;
  private final LinkedHashMap<Pair, Failures> failures = new LinkedHashMap<>();

  private record Pair(String user, String address) {}

  private record Failures(int inARow, long freeAtMs) {}

  LoginBrake(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Milliseconds until that user may try again from there; 0 for now. */
  synchronized long waitMs(String user, String address) {
    Failures known = failures.get(new Pair(user, address));
    return known == null ? 0 : Math.max(0, known.freeAtMs() - clock.nowMs());
  }

  synchronized void failed(String user, String address) {
    Pair pair = new Pair(user, address);
    Failures known = failures.remove(pair);
    int inARow = known == null ? 1 : known.inARow() + 1;
    failures.put(pair, new Failures(inARow, clock.nowMs() + penaltyMs(inARow)));
    if (failures.size() > PAIRS_MAX) {
      Map.Entry<Pair, Failures> oldest = failures.entrySet().iterator().next();
      failures.remove(oldest.getKey());
    }
  }

  synchronized void succeeded(String user, String address) {
    failures.remove(new Pair(user, address));
  }

  private static long penaltyMs(int inARow) {
    int costly = inARow - FREE_FAILURES;
    if (costly <= 0) {
      return 0;
    }
    return Math.min(WAIT_MS_MAX, WAIT_MS_FIRST << Math.min(costly - 1, 10));
  }
}
