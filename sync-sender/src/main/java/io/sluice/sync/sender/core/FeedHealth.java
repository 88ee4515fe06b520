package io.sluice.sync.sender.core;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.SyncSenderOptions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is wrong with a feed, for how many tries in a row, and so what SHOW PIPES says and how long
 * to wait. Owned by one feed.
 */
final class FeedHealth {
  /** Of a long row of failures the first ones are logged, then every so-and-so-manieth. */
  private static final int LOGGED_IN_FULL_MAX = 10;

  private static final int LOGGED_EACH = 60;
  private static final int DOUBLINGS_MAX = 30;
  private static final int NAMED_MAX = 5;

  /** How long another sender's writing to one of our devices is told of after it was seen last. */
  private static final long SHARED_MS = 600_000;

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

  /** Another cluster's sender writes a device of this feed's; null when none has lately. */
  private String shared;

  private long sharedAtMs;
  private int heldSeries;

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

  /** Both write a device. */
  void shared(Frame.Shared with, long nowMs) {
    shared =
        with.device() + " is written by the senders of cluster " + with.otherClusterId() + " too";
    sharedAtMs = nowMs;
  }

  void tick(long nowMs) {
    if (shared != null && nowMs - sharedAtMs >= SHARED_MS) {
      shared = null;
    }
  }

  /** So many series are held back. */
  void holding(int series) {
    heldSeries = series;
  }

  boolean databaseRefused() {
    return trouble != null && trouble.cause() == Trouble.Cause.DATABASE;
  }

  /** The first few of them. */
  static String named(List<SeriesConflict> series) {
    String few =
        series.stream()
            .limit(NAMED_MAX)
            .map(one -> one.device() + "." + one.measurement() + " (" + one.reason() + ")")
            .collect(Collectors.joining("; "));
    return series.size() > NAMED_MAX ? few + "; ..." : few;
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
      return withoutTrouble();
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

  private Health withoutTrouble() {
    if (heldSeries > 0) {
      String text = "CONFLICT: " + heldSeries + " series held back, see SHOW PIPE ... QUARANTINE";
      return new Health(Health.Level.WARN, text);
    }
    if (shared != null) {
      return new Health(Health.Level.WARN, "SHARED: " + shared);
    }
    return parted
        ? new Health(Health.Level.WARN, "the lineage parted: sent again from where it did")
        : Health.NORMAL;
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
