package io.sluice.sync.sender.core;

import io.sluice.sync.sender.SyncSenderOptions;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is wrong with a feed, for how many tries in a row, and so what SHOW PIPES says and how long
 * to wait. Owned by one feed.
 */
final class FeedHealth {
  /** Of a long row of failures the first ones are logged, then every so-and-so-manieth. */
  private static final int LOGGED_IN_FULL_MAX = 10;

  private static final int LOGGED_EACH = 60;
  private static final int DOUBLINGS_MAX = 30;

  private final SyncSenderOptions options;
  private final Map<Trouble.Cause, Long> counts = new EnumMap<>(Trouble.Cause.class);
  private int retriesMax;
  private int failuresInRow;

  /** Null: nothing is wrong. */
  private Trouble trouble;

  /** Stays when it is over. */
  private Trouble lastTrouble;

  private long lastTroubleAtMs;
  private boolean parted;

  FeedHealth(SyncSenderOptions options) {
    this.options = options;
    this.retriesMax = options.retriesMax();
  }

  void retriesMax(int max) {
    retriesMax = max;
  }

  void failed(Trouble what, long nowMs) {
    lastTrouble = what;
    lastTroubleAtMs = nowMs;
    counts.merge(what.cause(), 1L, Long::sum);
    failuresInRow++;
    trouble = what;
  }

  /** Counts for the delay, but is not called trouble. */
  void triedInVain() {
    failuresInRow++;
  }

  /** A handshake succeeded. */
  void welcomed(boolean lineageParted) {
    parted = lineageParted;
    if (trouble != null && trouble.endsWithWelcome()) {
      trouble = null;
    }
  }

  /** Something was applied, or nothing is left to apply; or what was wrong no longer matters. */
  void dataFlows() {
    trouble = null;
    failuresInRow = 0;
  }

  int failuresInRow() {
    return failuresInRow;
  }

  /**
   * Doubles, up to the cap, each time all were tried.
   *
   * @param addresses that can be tried in turn
   */
  long retryDelayMs(int addresses) {
    int doublings = Math.min((failuresInRow - 1) / addresses, DOUBLINGS_MAX);
    return Math.min(options.retryDelayMsMax(), options.retryDelayMsFirst() << doublings);
  }

  boolean worthLogging() {
    return failuresInRow <= LOGGED_IN_FULL_MAX || failuresInRow % LOGGED_EACH == 0;
  }

  Health health() {
    if (trouble == null) {
      return parted
          ? new Health(Health.Level.WARN, "the lineage parted: sent again from where it did")
          : Health.NORMAL;
    }
    Health.Level level =
        switch (trouble.cause()) {
          case REFUSED -> Health.Level.ERROR;
          case DATABASE, CONFLICT -> Health.Level.WARN;
          case UNREACHABLE, TRANSFER, SOURCE ->
              failuresInRow > retriesMax ? Health.Level.ERROR : Health.Level.WARN;
        };
    return new Health(level, trouble.cause() + ": " + trouble.text());
  }

  Trouble lastTrouble() {
    return lastTrouble;
  }

  long lastTroubleAtMs() {
    return lastTroubleAtMs;
  }

  Map<Trouble.Cause, Long> counts() {
    return Map.copyOf(counts);
  }
}
