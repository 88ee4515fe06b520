package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.region.scrub.DamagedFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Scrubber} and the one thread it runs on, whose priority is the lowest. */
final class ScrubThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubThread.class);
  private static final String PLACE = "scrub-place";
  private static final long AFTER_FAILURE_MS = 10_000;
  private static final long STOP_WAIT_MS = 30_000;

  private final Scrubber scrubber;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "region-scrub");
            made.setDaemon(true);
            made.setPriority(Thread.MIN_PRIORITY);
            return made;
          });

  private ScrubThread(Scrubber scrubber) {
    this.scrubber = scrubber;
  }

  /**
   * Does nothing before {@link #start}.
   *
   * @param folder where the place in a round is kept
   */
  static ScrubThread of(
      Path folder,
      Supplier<Collection<RegionReplica>> replicas,
      DamagedFiles damaged,
      FileTools files,
      FileRepair repair) {
    return new ScrubThread(
        new Scrubber(
            replicas,
            damaged,
            repair,
            files.removed(),
            new ScrubPlace(folder.resolve(PLACE)),
            new Scrubber.Times(
                WallClock.SYSTEM, MonotonicClock.SYSTEM, TimeUnit.MILLISECONDS::sleep)));
  }

  void start() {
    again(0);
  }

  Scrubber scrubber() {
    return scrubber;
  }

  private void again(long afterMs) {
    try {
      thread.schedule(this::step, afterMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The host is closing", e);
    }
  }

  private void step() {
    long afterMs = AFTER_FAILURE_MS;
    try {
      afterMs = scrubber.step();
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      LOG.debug("The host is closing", e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Looking at sealed files failed; trying again in {} ms", AFTER_FAILURE_MS, e);
    }
    again(afterMs);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(STOP_WAIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("A look at a sealed file has not ended in {} ms", STOP_WAIT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
