package io.sluice.datanode.region.host;

import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.store.MemoryBudget;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a replica's memtable becomes a file: a leader proposes seals in time, and every replica
 * writes the ranges that have been closed. Thread-safe.
 */
final class Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

  /** Unless memory is used up, a smaller memtable is not written out for others' sake. */
  private static final long WORTH_A_FILE_BYTES = 1 << 20;

  private final UUID id;
  private final SealTimer timer;
  private final Proposals proposals;
  private final MemoryBudget memtables;
  private final Supplier<RegionStore> store;
  private final Executor flusher;
  private final Runnable advanced;
  private volatile boolean closed;

  /**
   * @param flusher one task at a time
   * @param advanced run on the flusher after the manifest has come further
   */
  Sealing(
      UUID id,
      SealTimer timer,
      Proposals proposals,
      MemoryBudget memtables,
      Supplier<RegionStore> store,
      Executor flusher,
      Runnable advanced) {
    this.id = id;
    this.timer = timer;
    this.proposals = proposals;
    this.memtables = memtables;
    this.store = store;
    this.flusher = flusher;
    this.advanced = advanced;
  }

  void close() {
    closed = true;
  }

  /** Somebody waits for what is in memory. */
  void soon() {
    timer.soon();
  }

  /** At the leader, now and then: proposes a seal when it is time for one. */
  void tick(long nowMs) {
    RegionStore.Unsealed unsealed = store.get().unsealed();
    if (timer.due(nowMs, unsealed, proposals.bytesSinceSeal(), pressureBytes())) {
      proposals.sealed();
      proposals.submit(new LogEntry.Seal()).whenComplete((result, failure) -> timer.sealed());
    }
  }

  /** Size from which a memtable is to go early because this node's memory is short. */
  private long pressureBytes() {
    if (memtables.full()) {
      return 1;
    }
    return memtables.tight() ? WORTH_A_FILE_BYTES : Long.MAX_VALUE;
  }

  /** After an entry that may have closed a range. */
  void rangeClosed() {
    if (store.get().flushWaits()) {
      try {
        flusher.execute(this::flushWaiting);
      } catch (RejectedExecutionException e) {
        LOG.debug("The host is closing", e);
      }
    }
  }

  /** Makes closed ranges durable, oldest first. When one fails the host tries again later. */
  void flushWaiting() {
    try {
      boolean any = false;
      RegionStore now = store.get();
      while (now.flushNext()) {
        any = true;
      }
      if (any) {
        advanced.run();
      }
      timer.flushed();
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        timer.flushFailed();
        LOG.warn("Region {}: a flush failed and will be tried again", id, e);
      }
    }
  }

  boolean retryDue(long nowMs) {
    return timer.retryDue(nowMs);
  }
}
