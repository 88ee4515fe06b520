package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.compact.FileExpiry;
import io.sluice.datanode.region.compact.PipeFloors;
import io.sluice.datanode.region.scrub.DamagedFiles;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads all regions of a node share. */
final class HostThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostThreads.class);
  private static final long TICK_MS = 50;
  private static final long STOP_WAIT_MS = 30_000;

  /** What depends on a write's outcome runs on these: short work, or it delays other writers. */
  private static final int ANSWER_THREADS = 4;

  /** Blocking calls to other nodes, all regions together; there is no queue for more. */
  private static final int COPY_THREADS_MAX = 16;

  /** One long merge does not keep all other regions waiting. */
  private static final int MERGE_THREADS = 2;

  private final MonotonicClock clock;
  private final Supplier<Collection<RegionReplica>> replicas;
  private final ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(named("region-chores"));
  private final ExecutorService flusher =
      Executors.newSingleThreadExecutor(named("region-flusher"));
  private final ExecutorService answers =
      Executors.newFixedThreadPool(ANSWER_THREADS, named("region-answers"));
  private final ExecutorService copies =
      new ThreadPoolExecutor(
          0,
          COPY_THREADS_MAX,
          60,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          named("region-copies"));
  private final ExecutorService mergers =
      Executors.newFixedThreadPool(MERGE_THREADS, named("region-merger", Thread.MIN_PRIORITY));
  private final ExecutorService revivals =
      Executors.newSingleThreadExecutor(named("region-revivals"));

  HostThreads(MonotonicClock clock, Supplier<Collection<RegionReplica>> replicas) {
    this.clock = clock;
    this.replicas = replicas;
  }

  private static ThreadFactory named(String name) {
    return named(name, Thread.NORM_PRIORITY);
  }

  private static ThreadFactory named(String name, int priority) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      thread.setPriority(priority);
      return thread;
    };
  }

  RegionReplica.Shared forReplica(
      Proposals.Limits limits,
      PeerReplicas peers,
      DamagedFiles damaged,
      FileTools files,
      PipeFloors floors,
      FileExpiry expiry) {
    return new RegionReplica.Shared(
        chores,
        flusher,
        answers,
        copies,
        limits,
        peers,
        damaged,
        new Compaction.Tools(files, floors, expiry, damaged, mergers, clock),
        clock);
  }

  Executor revivals() {
    return revivals;
  }

  /**
   * @param also run after each round of ticks
   */
  void start(LongConsumer also) {
    chores.scheduleWithFixedDelay(() -> tickAll(also), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void tickAll(LongConsumer also) {
    long nowMs = clock.nowMs();
    tickReplicas(nowMs);
    try {
      also.accept(nowMs);
    } catch (RuntimeException e) {
      LOG.warn("Looking after the regions failed", e);
    }
  }

  private void tickReplicas(long nowMs) {
    for (RegionReplica replica : replicas.get()) {
      try {
        replica.tick(nowMs);
      } catch (RuntimeException e) {
        LOG.warn("Region {}: sealing it in time failed", replica.id(), e);
      }
    }
  }

  /** Returns when what the flusher has been given so far is done. */
  void awaitFlusher() {
    try {
      CompletableFuture.runAsync(() -> {}, flusher).join();
    } catch (RejectedExecutionException | CompletionException e) {
      LOG.debug("The flusher has stopped already", e);
    }
  }

  @Override
  public void close() {
    // Nothing of theirs is worth waiting for: what did not arrive is fetched again.
    copies.shutdownNow();
    revivals.shutdownNow();
    for (ExecutorService executor :
        new ExecutorService[] {copies, revivals, chores, mergers, flusher, answers}) {
      executor.shutdown();
      try {
        if (!executor.awaitTermination(STOP_WAIT_MS, TimeUnit.MILLISECONDS)) {
          executor.shutdownNow();
        }
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }
}
