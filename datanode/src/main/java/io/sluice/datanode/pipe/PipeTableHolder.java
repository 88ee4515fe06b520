package io.sluice.datanode.pipe;

import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.PipeControl;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.core.Health;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's pipe table: takes over operations and whole tables in whatever order they come,
 * writes them down, and makes the senders do what they say. Thread-safe; no call waits for a
 * sender.
 */
public final class PipeTableHolder implements PipeControl {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  /** How old a confirmation of the table may be while ConfigNodes are heard. */
  static final long CONFIRMATION_MS_MAX = 20_000;

  private static final long NO_TABLE = -1;

  private final SyncSender sender;
  private final PipeTableFile file;
  private final MonotonicClock clock;

  /** By number. Dropped ones stay, in status DROP, until a table without them comes. */
  private SortedMap<Long, PipeInfo> pipes = new TreeMap<>();

  private long version = NO_TABLE;
  private long confirmedAtMs;
  private long heardAtMs;
  private boolean resting;
  private boolean alone;

  private PipeTableHolder(SyncSender sender, PipeTableFile file, MonotonicClock clock) {
    this.sender = sender;
    this.file = file;
    this.clock = clock;
    this.confirmedAtMs = clock.nowMs();
    this.heardAtMs = confirmedAtMs;
  }

  /**
   * Resumes what the file says.
   *
   * @throws IOException when the file is damaged, naming it
   */
  public static PipeTableHolder open(SyncSender sender, Path file, MonotonicClock clock)
      throws IOException {
    PipeTableFile stored = new PipeTableFile(file);
    PipeTableHolder holder = new PipeTableHolder(sender, stored, clock);
    PipeTable table = stored.read().orElse(null);
    if (table != null) {
      holder.version = table.getVersion();
      for (PipeInfo pipe : table.getPipes()) {
        holder.pipes.put(pipe.getNumber(), pipe);
        holder.command(pipe);
      }
    }
    return holder;
  }

  @Override
  public synchronized void operate(PipeOperation operation, PipeInfo pipe) throws StatusException {
    PipeInfo wanted = new PipeInfo(pipe);
    if (operation == PipeOperation.DROP) {
      wanted.setStatus(PipeStatus.DROP);
    }
    PipeInfo known = pipes.get(wanted.getNumber());
    boolean late =
        known == null
            ? wanted.getChangedAt() <= version
            : wanted.getChangedAt() < known.getChangedAt();
    if (late) {
      LOG.info("pipe {}: {} comes late and is left out", wanted.getName(), operation);
      return;
    }
    SortedMap<Long, PipeInfo> next = new TreeMap<>(pipes);
    next.put(wanted.getNumber(), wanted);
    take(next, version);
    if (operation == PipeOperation.START && wanted.getStatus() == PipeStatus.RUNNING) {
      // Also of a pipe that runs already: what was failing is tried again at once.
      command(wanted);
    }
    LOG.info("pipe {} ({}): {}", wanted.getName(), wanted.getNumber(), operation);
  }

  @Override
  public synchronized void replace(PipeTable table) throws StatusException {
    if (table.getVersion() <= version) {
      return;
    }
    SortedMap<Long, PipeInfo> next = new TreeMap<>();
    for (PipeInfo listed : table.getPipes()) {
      PipeInfo known = pipes.get(listed.getNumber());
      boolean newer = known == null || listed.getChangedAt() > known.getChangedAt();
      next.put(listed.getNumber(), newer ? new PipeInfo(listed) : known);
    }
    for (PipeInfo known : pipes.values()) {
      if (!next.containsKey(known.getNumber()) && known.getChangedAt() > table.getVersion()) {
        next.put(known.getNumber(), known);
      }
    }
    take(next, table.getVersion());
    confirmed();
    LOG.info("pipe table version {}: {} pipe(s)", version, pipes.size());
  }

  /** Durable first, then done: a restart resumes what was answered. */
  private void take(SortedMap<Long, PipeInfo> next, long nextVersion) throws StatusException {
    try {
      file.write(new PipeTable(nextVersion, new ArrayList<>(next.values())));
    } catch (IOException e) {
      LOG.error("the pipe table cannot be written", e);
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "the pipe table cannot be written: " + e.getMessage(), e);
    }
    SortedMap<Long, PipeInfo> former = pipes;
    pipes = next;
    version = nextVersion;
    Set<Long> gone = new HashSet<>(former.keySet());
    gone.removeAll(next.keySet());
    for (long number : gone) {
      if (former.get(number).getStatus() != PipeStatus.DROP) {
        sender.drop(spec(former.get(number)));
      }
    }
    for (PipeInfo pipe : next.values()) {
      PipeInfo known = former.get(pipe.getNumber());
      if (known == null || known.getStatus() != pipe.getStatus()) {
        command(pipe);
      }
    }
  }

  private void command(PipeInfo pipe) {
    switch (pipe.getStatus()) {
      case RUNNING -> sender.start(spec(pipe));
      case STOP -> sender.stop(spec(pipe));
      case DROP -> sender.drop(spec(pipe));
    }
  }

  private static PipeSpec spec(PipeInfo pipe) {
    return new PipeSpec(
        pipe.getName(),
        pipe.getNumber(),
        pipe.getSink().getHost(),
        pipe.getSink().getPort(),
        pipe.getCreatedAtMs(),
        pipe.getStartTimeMs(),
        pipe.isSyncDeletions());
  }

  @Override
  public synchronized long tableVersion() {
    return version;
  }

  @Override
  public synchronized void heard(long currentVersion) {
    heardAtMs = clock.nowMs();
    if (currentVersion == version) {
      confirmed();
    }
    checkConfirmation();
  }

  private void confirmed() {
    confirmedAtMs = clock.nowMs();
    if (resting) {
      resting = false;
      LOG.info("the pipe table is confirmed: sending goes on");
      sender.rest(false);
    }
  }

  /**
   * Now and then: senders rest while ConfigNodes are heard but have not confirmed the table for too
   * long; with no ConfigNode to be heard they go on.
   */
  public synchronized void checkConfirmation() {
    long nowMs = clock.nowMs();
    boolean heard = nowMs - heardAtMs < CONFIRMATION_MS_MAX;
    if (alone == heard) {
      alone = !heard;
      LOG.warn(
          heard
              ? "a ConfigNode is heard again"
              : "no ConfigNode is heard: pipes go on as they were last known");
    }
    if (heard && !resting && nowMs - confirmedAtMs >= CONFIRMATION_MS_MAX) {
      resting = true;
      LOG.warn(
          "pipe table version {} was not confirmed for {} ms: senders rest",
          version,
          nowMs - confirmedAtMs);
      sender.rest(true);
    }
  }

  @Override
  public synchronized List<PipeReport> reports() {
    List<PipeReport> reports = new ArrayList<>();
    for (PipeInfo pipe : pipes.values()) {
      if (pipe.getStatus() == PipeStatus.RUNNING) {
        Health health = sender.health(pipe.getNumber());
        reports.add(new PipeReport(pipe.getNumber(), level(health), health.cause()));
      }
    }
    return reports;
  }

  private static PipeHealth level(Health health) {
    return switch (health.level()) {
      case NORMAL -> PipeHealth.NORMAL;
      case WARN -> PipeHealth.WARN;
      case ERROR -> PipeHealth.ERROR;
    };
  }
}
