package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.scrub.ScrubOptions;
import io.sluice.datanode.region.scrub.ScrubReport;
import io.sluice.datanode.region.scrub.ScrubRound;
import io.sluice.datanode.region.store.RegionStore;
import io.sluice.datanode.tsfile.FileKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a node's sealed files, one at a time: what statements ask for first, then what somebody
 * found damaged, repairs that are due, and the round through all of them, paced. One thread calls
 * {@link #step}; everything else is thread-safe.
 */
final class Scrubber implements RegionScrub {
  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

  /** New files, settings and regions are seen this late. */
  private static final long REST_MS_MAX = 1_000;

  /** The place in a round is written this often. */
  private static final long WRITE_PLACE_MS = 30_000;

  private final Supplier<Collection<RegionReplica>> replicas;
  private final DamagedFiles damaged;
  private final FileRepair repair;
  private final Consumer<Path> doubted;
  private final ScrubPlace place;
  private final Times times;
  private final ScrubJobs jobs;
  private final AtomicLong filesRead = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong filesRepaired = new AtomicLong();
  private volatile ScrubOptions options = ScrubOptions.ONLY_WHEN_ASKED;

  /** Owned by the thread that calls {@link #step}; null before the first. */
  private ScrubRound round;

  private ScrubRound written;
  private long writtenAtMs;

  /** Rests between two pieces of a file. */
  @FunctionalInterface
  interface Rest {
    void forMs(long ms) throws InterruptedException;
  }

  /**
   * @param wall for the interval between two rounds, which a restart does not end
   */
  record Times(WallClock wall, MonotonicClock clock, Rest rest) {}

  /**
   * @param doubted told of a file that is not what it was when somebody read it
   */
  Scrubber(
      Supplier<Collection<RegionReplica>> replicas,
      DamagedFiles damaged,
      FileRepair repair,
      Consumer<Path> doubted,
      ScrubPlace place,
      Times times) {
    this.replicas = replicas;
    this.damaged = damaged;
    this.repair = repair;
    this.doubted = doubted;
    this.place = place;
    this.times = times;
    this.jobs = new ScrubJobs(times.clock());
  }

  void pace(ScrubOptions fresh) {
    options = fresh;
  }

  /** Since the process started. */
  ScrubFigures figures() {
    return new ScrubFigures(
        filesRead.get(), bytesRead.get(), damaged.all().size(), filesRepaired.get());
  }

  @Override
  public long begin(Collection<UUID> regions) throws StatusException {
    return jobs.begin(regions);
  }

  @Override
  public Progress await(long scrub, long waitMs) throws StatusException {
    return jobs.await(scrub, waitMs);
  }

  /**
   * Does the next thing there is to do.
   *
   * @return how long there is nothing else, in milliseconds
   * @throws InterruptedIOException when it was told to stop
   */
  long step() throws IOException {
    ScrubJobs.Job job = jobs.next();
    if (job != null) {
      carryOut(job);
      return 0;
    }
    damaged.keepOnly((region, file) -> listed(region, file));
    if (suspects() || repairs()) {
      return 0;
    }
    return goOnWithRound();
  }

  private boolean listed(UUID region, SealedFile file) {
    RegionReplica replica = replica(region);
    return replica != null && replica.store().durable().files().contains(file);
  }

  private RegionReplica replica(UUID region) {
    return replicas.get().stream()
        .filter(each -> each.id().equals(region))
        .findFirst()
        .orElse(null);
  }

  // ---------------------------------------------------------------- on demand

  private void carryOut(ScrubJobs.Job job) throws IOException {
    try {
      for (UUID region : job.regions()) {
        RegionReplica replica = replica(region);
        if (replica != null && jobs.wanted(job)) {
          jobs.report(job, report(replica, job));
        }
      }
    } finally {
      jobs.done(job);
    }
  }

  private ScrubReport report(RegionReplica replica, ScrubJobs.Job job) throws IOException {
    int files = 0;
    int damagedCount = 0;
    long bytes = 0;
    List<ScrubReport.Found> found = new ArrayList<>();
    for (SealedFile file : replica.store().durable().files()) {
      if (!jobs.wanted(job)) {
        break;
      }
      FileLook.Result result = look(replica, file, false);
      if (result.verdict() == FileLook.Verdict.GONE) {
        continue;
      }
      files++;
      bytes += file.lengthBytes();
      if (result.verdict() == FileLook.Verdict.DAMAGED) {
        ScrubReport.Found one = repaired(replica, file, result.why());
        damagedCount++;
        if (found.size() < ScrubReport.DAMAGED_MAX) {
          found.add(one);
        }
      }
    }
    return new ScrubReport(replica.id(), files, bytes, found, damagedCount);
  }

  // ---------------------------------------------------------------- by itself

  /** Whether there was one. */
  private boolean suspects() throws IOException {
    Path path = damaged.nextSuspect().orElse(null);
    if (path == null) {
      return false;
    }
    for (RegionReplica replica : replicas.get()) {
      for (SealedFile file : replica.store().durable().files()) {
        if (path.equals(file.path())) {
          lookAndRepair(replica, file);
          return true;
        }
      }
    }
    return true;
  }

  private boolean repairs() throws InterruptedIOException {
    DamagedFiles.Damaged due = damaged.due(times.clock().nowMs()).orElse(null);
    RegionReplica replica = due == null ? null : replica(due.region());
    if (replica == null) {
      return false;
    }
    repaired(replica, due.file(), due.why());
    return true;
  }

  private long goOnWithRound() throws IOException {
    long repairInMs = damaged.dueInMs(times.clock().nowMs());
    if (options.intervalMs() == 0) {
      return Math.min(repairInMs, REST_MS_MAX);
    }
    long nowMs = times.wall().nowMs();
    if (round == null) {
      round = place.read(nowMs);
    }
    ScrubRound.Next next = round.next(files(), nowMs, options.intervalMs());
    if (next instanceof ScrubRound.Next.Check check) {
      RegionReplica replica = replica(check.region());
      if (replica != null) {
        lookAndRepair(replica, check.file());
      }
      round = check.then();
    } else if (next instanceof ScrubRound.Next.Finish finish) {
      LOG.info("Scrub: every sealed file was looked at; {} are damaged now", damaged.all().size());
      round = finish.then();
    }
    writePlace(round.over());
    long restMs = next instanceof ScrubRound.Next.Rest rest ? rest.forMs() : 0;
    return Math.min(Math.min(restMs, repairInMs), REST_MS_MAX);
  }

  private SortedMap<UUID, List<SealedFile>> files() {
    SortedMap<UUID, List<SealedFile>> files = new TreeMap<>();
    for (RegionReplica replica : replicas.get()) {
      files.put(replica.id(), replica.store().durable().files());
    }
    return files;
  }

  /** A place that is lost costs a look at files that were looked at: not every one is written. */
  private void writePlace(boolean atOnce) throws IOException {
    long nowMs = times.clock().nowMs();
    if (!round.equals(written) && (atOnce || nowMs - writtenAtMs >= WRITE_PLACE_MS)) {
      place.write(round);
      written = round;
      writtenAtMs = nowMs;
    }
  }

  // ---------------------------------------------------------------- one file

  private void lookAndRepair(RegionReplica replica, SealedFile file) throws IOException {
    FileLook.Result result = look(replica, file, true);
    if (result.verdict() == FileLook.Verdict.DAMAGED) {
      repaired(replica, file, result.why());
    }
  }

  private FileLook.Result look(RegionReplica replica, SealedFile file, boolean paced)
      throws IOException {
    FileLook.Result result = FileLook.at(replica.store(), file, new Paced(paced));
    if (result.verdict() == FileLook.Verdict.WHOLE) {
      filesRead.incrementAndGet();
      damaged.gone(file.path());
    } else if (result.verdict() == FileLook.Verdict.DAMAGED) {
      filesRead.incrementAndGet();
      if (damaged.found(replica.id(), file, result.why(), times.clock().nowMs())) {
        LOG.error("Region {}: {}; it is given to nobody", replica.id(), result.why());
      }
      doubted.accept(file.path());
    }
    return result;
  }

  private ScrubReport.Found repaired(RegionReplica replica, SealedFile file, String why)
      throws InterruptedIOException {
    RegionStore store = replica.store();
    FileRepair.Outcome outcome = repair.repair(store, replica.others(), file);
    String what;
    if (outcome.repaired()) {
      filesRepaired.incrementAndGet();
      what = why + "; had from DataNode " + outcome.whence();
      LOG.warn(
          "Region {}: {} is repaired from DataNode {}",
          replica.id(),
          file.path(),
          outcome.whence());
    } else {
      damaged.tried(file, times.clock().nowMs(), outcome.nowhereElse());
      what = why + "; not repaired: " + outcome.whyNot();
      LOG.error("Region {}: {} is not repaired: {}", replica.id(), file.path(), outcome.whyNot());
    }
    return new ScrubReport.Found(
        file.path().toString(), file.lengthBytes(), outcome.repaired(), what);
  }

  /** Reads as fast as it may. */
  private final class Paced implements FileKey.Pace {
    private final boolean paced;
    private long lastMs = times.clock().nowMs();

    private Paced(boolean paced) {
      this.paced = paced;
    }

    @Override
    public void read(int bytes) throws IOException {
      bytesRead.addAndGet(bytes);
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the node is closing");
      }
      // Whoever waits for a statement waits for this file at full speed.
      long pauseMs =
          paced && !jobs.waiting() ? options.pauseMs(bytes, times.clock().nowMs() - lastMs) : 0;
      if (pauseMs > 0) {
        try {
          times.rest().forMs(pauseMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("the node is closing");
        }
      }
      lastMs = times.clock().nowMs();
    }
  }
}
