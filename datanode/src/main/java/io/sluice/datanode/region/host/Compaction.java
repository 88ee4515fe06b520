package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.compact.CompactionPlan;
import io.sluice.datanode.region.compact.ExpiryPlan;
import io.sluice.datanode.region.compact.FileExpiry;
import io.sluice.datanode.region.compact.PipeFloor;
import io.sluice.datanode.region.compact.PipeFloors;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.store.RegionStore;
import io.sluice.datanode.tsfile.DamagedFileException;
import io.sluice.datanode.tsfile.SealedFileMerger;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica's files become fewer: every replica carries out what the log orders, and a leader
 * orders what its files and the pipes allow. One order at a time. Thread-safe; nothing here blocks.
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /** A merge that failed is tried again after this. */
  private static final long RETRY_MS = 30_000;

  private final UUID id;
  private final Leader leader;
  private final Supplier<RegionStore> store;
  private final Tools tools;

  /** On one thread at most: the others are for other regions. */
  private final AtomicBoolean working = new AtomicBoolean();

  private final AtomicBoolean proposing = new AtomicBoolean();

  /** There may be more to do than {@link #work} has seen. */
  private volatile boolean again;

  private volatile long notBeforeMs = Long.MIN_VALUE;
  private volatile boolean closed;

  /**
   * What all replicas of a node share.
   *
   * @param damaged files that are never merged, so that the damage stays theirs alone
   * @param executor where files are merged
   */
  record Tools(
      FileTools files,
      PipeFloors floors,
      FileExpiry expiry,
      DamagedFiles damaged,
      Executor executor,
      MonotonicClock clock) {}

  /** The replica as a leader. */
  interface Leader {
    boolean leads();

    /** What every other member has committed, as far as is known. */
    long slowestCommit() throws IOException;

    /** Into the log, done or not when it returns. */
    void propose(LogEntry entry, Runnable done);
  }

  Compaction(UUID id, Leader leader, Supplier<RegionStore> store, Tools tools) {
    this.id = id;
    this.leader = leader;
    this.store = store;
    this.tools = tools;
  }

  void close() {
    closed = true;
  }

  /** An entry was applied that may have been an order. */
  void ordered() {
    if (tools.files().merger() != null && store.get().mergeWaits()) {
      look();
    }
  }

  /** The manifest has come further, or some time has passed. */
  void look() {
    if (tools.files().merger() == null || closed || tools.clock().nowMs() < notBeforeMs) {
      return;
    }
    again = true;
    if (!working.compareAndSet(false, true)) {
      return;
    }
    try {
      tools.executor().execute(this::work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The host is closing", e);
    }
  }

  private void work() {
    again = false;
    try {
      workOnce();
    } finally {
      working.set(false);
      if (again) {
        look();
      }
    }
  }

  private void workOnce() {
    try {
      RegionStore now = store.get();
      while (now.mergeNext(tools.files().merger(), tools.files().removed())) {
        LOG.debug("Region {}: {} files", id, now.durable().files().size());
      }
      if (leader.leads() && !now.mergeOrdered() && proposing.compareAndSet(false, true)) {
        order(now);
      }
    } catch (SealedFileMerger.CalledOffException e) {
      LOG.debug("Region {}: is closing", id, e);
    } catch (DamagedFileException e) {
      tools.damaged().suspect(e.path());
      store.get().passOverMerge();
      LOG.error("Region {}: {} is damaged and stays as it is", id, e.path(), e);
    } catch (IOException | RuntimeException e) {
      notBeforeMs = tools.clock().nowMs() + RETRY_MS;
      if (!closed) {
        LOG.warn("Region {}: files could not be merged; trying again in {} ms", id, RETRY_MS, e);
      }
    }
  }

  private Optional<? extends LogEntry.FileOrder> plan(
      RegionImage durable, List<PipeFloor> floors, long settledIndex, long firstTimeMs) {
    Optional<LogEntry.Expire> expire = ExpiryPlan.next(durable, floors, settledIndex, firstTimeMs);
    return expire.isPresent()
        ? expire
        : CompactionPlan.next(
            durable, floors, settledIndex, file -> tools.damaged().holds(file.path()));
  }

  /**
   * What is left of a dropped database goes as a whole; another one of its name has other times.
   */
  private long firstTimeMs(RegionImage durable, String database) {
    FileExpiry expiry = durable.dropped() ? FileExpiry.NEVER : tools.expiry();
    return expiry.firstTimeMs(database);
  }

  private void order(RegionStore now) throws IOException {
    RegionImage durable = now.durable();
    boolean proposed = false;
    try {
      long settledIndex = Math.min(leader.slowestCommit(), durable.index());
      long firstTimeMs = firstTimeMs(durable, now.identity().database());
      Optional<? extends LogEntry.FileOrder> next =
          tools.floors().of(id).flatMap(floors -> plan(durable, floors, settledIndex, firstTimeMs));
      if (next.isPresent()) {
        proposed = true;
        leader.propose(next.get(), () -> proposing.set(false));
      }
    } finally {
      if (!proposed) {
        proposing.set(false);
      }
    }
  }
}
