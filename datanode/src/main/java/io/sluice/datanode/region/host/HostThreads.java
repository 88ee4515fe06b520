package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  private final MonotonicClock clock;
  private final Supplier<Collection<RegionReplica>> replicas;
  private final ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(named("region-chores"));
  private final ExecutorService flusher =
      Executors.newSingleThreadExecutor(named("region-flusher"));
  private final ExecutorService answers =
      Executors.newFixedThreadPool(ANSWER_THREADS, named("region-answers"));

  HostThreads(MonotonicClock clock, Supplier<Collection<RegionReplica>> replicas) {
    this.clock = clock;
    this.replicas = replicas;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  RegionReplica.Threads forReplica() {
    return new RegionReplica.Threads(chores, flusher, answers);
  }

  void start() {
    chores.scheduleWithFixedDelay(this::tickAll, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void tickAll() {
    long nowMs = clock.nowMs();
    for (RegionReplica replica : replicas.get()) {
      try {
        replica.tick(nowMs);
        if (replica.flushRetryDue(nowMs)) {
          flusher.execute(replica::flushWaiting);
        }
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
    for (ExecutorService executor : new ExecutorService[] {chores, flusher, answers}) {
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
