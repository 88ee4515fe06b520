package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.RegionScrub.Progress;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What statements have asked to be looked at. A job that nobody asks about any more is dropped:
 * whoever began it has gone. Thread-safe.
 */
final class ScrubJobs {
  private static final int JOBS_MAX = 8;
  private static final long FORGOTTEN_AFTER_MS = 120_000;

  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Job> jobs = new LinkedHashMap<>();

  /** At random: a job of this node's former life is not taken for one of now. */
  private long lastId = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);

  ScrubJobs(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Guarded by the lock but for {@link #regions}. */
  static final class Job {
    private final List<UUID> regions;
    private final List<ScrubReport> reports = new ArrayList<>();
    private boolean begun;
    private boolean done;
    private long askedAtMs;

    private Job(List<UUID> regions, long nowMs) {
      this.regions = regions;
      this.askedAtMs = nowMs;
    }

    List<UUID> regions() {
      return regions;
    }
  }

  /**
   * @throws StatusException when as many are under way as may be
   */
  long begin(Collection<UUID> regions) throws StatusException {
    lock.lock();
    try {
      long nowMs = clock.nowMs();
      jobs.values().removeIf(job -> forgotten(job, nowMs));
      if (jobs.size() >= JOBS_MAX) {
        throw new StatusException(
            StatusCode.EXECUTE_ERROR, "This DataNode has " + JOBS_MAX + " scrubs to do already");
      }
      lastId++;
      jobs.put(lastId, new Job(List.copyOf(regions), nowMs));
      return lastId;
    } finally {
      lock.unlock();
    }
  }

  private static boolean forgotten(Job job, long nowMs) {
    return nowMs - job.askedAtMs >= FORGOTTEN_AFTER_MS;
  }

  /** The job to be done now, null for none. Each is answered once. */
  Job next() {
    lock.lock();
    try {
      for (Job job : jobs.values()) {
        if (!job.begun) {
          job.begun = true;
          return job;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether one waits to be begun. */
  boolean waiting() {
    lock.lock();
    try {
      return jobs.values().stream().anyMatch(job -> !job.begun);
    } finally {
      lock.unlock();
    }
  }

  /** Whether its result is of use to anybody. */
  boolean wanted(Job job) {
    lock.lock();
    try {
      return !forgotten(job, clock.nowMs());
    } finally {
      lock.unlock();
    }
  }

  void report(Job job, ScrubReport report) {
    lock.lock();
    try {
      job.reports.add(report);
    } finally {
      lock.unlock();
    }
  }

  void done(Job job) {
    lock.lock();
    try {
      job.done = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the job's end, at most {@code waitMs}; one that has ended is forgotten.
   *
   * @throws StatusException when there is no such job
   */
  Progress await(long id, long waitMs) throws StatusException {
    lock.lock();
    try {
      Job job = jobs.get(id);
      if (job == null) {
        throw new StatusException(
            StatusCode.NO_SUCH_QUERY, "Scrub " + id + " is gone (this DataNode has restarted?)");
      }
      job.askedAtMs = clock.nowMs();
      long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
      while (!job.done && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      if (job.done) {
        jobs.remove(id);
      }
      return new Progress(job.done, List.copyOf(job.reports));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.INTERNAL_ERROR, "interrupted during a scrub", e);
    } finally {
      lock.unlock();
    }
  }
}
