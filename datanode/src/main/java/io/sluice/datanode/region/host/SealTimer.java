package io.sluice.datanode.region.host;

import io.sluice.datanode.region.store.RegionStore.Unsealed;

/** Decides when a leader proposes a seal. One proposal at a time. Thread-safe. */
final class SealTimer {
  private static final long NEVER = Long.MIN_VALUE;

  /** Each is a file to open for every reader, and only a seal lets them be merged. */
  static final int LOADED_FILES_MAX = 16;

  /** A failed flush is tried again after this. */
  static final long FLUSH_RETRY_MS = 1_000;

  private final RegionOptions options;
  private boolean asked;
  private boolean proposed;
  private boolean flushFailed;
  private long dataSinceMs = NEVER;
  private long askedSinceMs = NEVER;
  private long retryAtMs = NEVER;

  SealTimer(RegionOptions options) {
    this.options = options;
  }

  /** Somebody waits for what is in memory. */
  synchronized void soon() {
    asked = true;
  }

  /**
   * Whether to propose a seal now; if so, {@link #sealed} must follow.
   *
   * @param logBytes proposed since the last seal
   * @param pressureBytes a memtable of this size is sealed early, for others' sake
   */
  synchronized boolean due(long nowMs, Unsealed unsealed, long logBytes, long pressureBytes) {
    if (proposed) {
      return false;
    }
    if (!unsealed.data()) {
      // Whoever asked stays heard: rows may have come since unsealed was looked at.
      dataSinceMs = NEVER;
      askedSinceMs = NEVER;
    } else if (dataSinceMs == NEVER) {
      dataSinceMs = nowMs;
    }
    if (asked && unsealed.data() && askedSinceMs == NEVER) {
      askedSinceMs = nowMs;
    }
    long tableBytes = unsealed.memtableBytes();
    proposed =
        tableBytes >= options.sealBytes()
            || tableBytes >= pressureBytes
            || dataSinceMs != NEVER && nowMs - dataSinceMs >= options.sealAgeMs()
            || askedSinceMs != NEVER && nowMs - askedSinceMs >= options.sealSoonMs()
            || unsealed.loadedFiles() >= LOADED_FILES_MAX
            || unsealed.anything() && logBytes >= options.retiredLogBytes();
    if (proposed) {
      dataSinceMs = NEVER;
      askedSinceMs = NEVER;
      asked = false;
    }
    return proposed;
  }

  /** The proposal has come to its end, whatever it was. */
  synchronized void sealed() {
    proposed = false;
  }

  synchronized void flushFailed() {
    flushFailed = true;
  }

  synchronized void flushed() {
    flushFailed = false;
    retryAtMs = NEVER;
  }

  /** Whether a failed flush is to be tried again now; true once per failure. */
  synchronized boolean retryDue(long nowMs) {
    if (!flushFailed) {
      return false;
    }
    if (retryAtMs == NEVER) {
      retryAtMs = nowMs + FLUSH_RETRY_MS;
    }
    if (nowMs < retryAtMs) {
      return false;
    }
    flushFailed = false;
    retryAtMs = NEVER;
    return true;
  }
}
