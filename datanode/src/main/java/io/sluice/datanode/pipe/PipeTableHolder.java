package io.sluice.datanode.pipe;

import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.cluster.PipeControl;
import io.sluice.datanode.pipe.core.KnownPipe;
import io.sluice.datanode.pipe.core.KnownPipes;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.core.Health;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's pipe table: what {@link KnownPipes} takes over of operations and whole tables is
 * written down, and the senders are made to do what it says. Thread-safe; no call waits for a
 * sender.
 */
public final class PipeTableHolder implements PipeControl {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  /** How old a confirmation of the table may be while ConfigNodes are heard. */
  static final long CONFIRMATION_MS_MAX = 20_000;

  private final SyncSender sender;
  private final PipeTableFile file;
  private final DroppedPipes dropped;
  private final MonotonicClock clock;

  private KnownPipes<PipeInfo> known = KnownPipes.none();
  private long confirmedAtMs;
  private long heardAtMs;
  private boolean confirmed;
  private boolean resting;
  private boolean alone;

  private PipeTableHolder(
      SyncSender sender, PipeTableFile file, DroppedPipes dropped, MonotonicClock clock) {
    this.sender = sender;
    this.file = file;
    this.dropped = dropped;
    this.clock = clock;
    this.confirmedAtMs = clock.nowMs();
    this.heardAtMs = confirmedAtMs;
  }

  /**
   * Resumes what the file says, and tells receivers of dropped pipes whom nobody could tell.
   *
   * @param file beside it, {@code dropped/} holds the latter
   * @throws IOException when the file is damaged, naming it
   */
  public static PipeTableHolder open(SyncSender sender, Path file, MonotonicClock clock)
      throws IOException {
    PipeTableFile stored = new PipeTableFile(file);
    DroppedPipes dropped = new DroppedPipes(file.resolveSibling("dropped"));
    PipeTableHolder holder = new PipeTableHolder(sender, stored, dropped, clock);
    sender.whenTold(dropped::told);
    dropped.untold().forEach(pipe -> sender.drop(PipeWords.spec(pipe)));
    PipeTable table = stored.read().orElse(null);
    if (table != null) {
      holder.known = KnownPipes.of(table.getVersion(), PipeWords.known(table));
      holder.known.allOrders().forEach(holder::command);
    }
    return holder;
  }

  @Override
  public synchronized void operate(PipeOperation operation, PipeInfo pipe) throws StatusException {
    Optional<KnownPipes.Taken<PipeInfo>> taken = known.operate(PipeWords.wanted(operation, pipe));
    if (taken.isPresent()) {
      take(taken.get());
      LOG.info("pipe {} ({}): {}", pipe.getName(), pipe.getNumber(), operation);
    } else {
      LOG.info("pipe {}: {} comes late and is left out", pipe.getName(), operation);
    }
  }

  @Override
  public synchronized void replace(PipeTable table) throws StatusException {
    Optional<KnownPipes.Taken<PipeInfo>> taken =
        known.replace(table.getVersion(), PipeWords.known(table));
    if (taken.isPresent()) {
      take(taken.get());
      confirmed();
      LOG.info("pipe table version {}: {} pipe(s)", known.version(), known.pipes().size());
    }
  }

  /** Durable first, then done: a restart resumes what was answered. */
  private void take(KnownPipes.Taken<PipeInfo> taken) throws StatusException {
    try {
      for (KnownPipes.Order<PipeInfo> order : taken.orders()) {
        if (order.state() == KnownPipe.State.DROPPED) {
          dropped.add(order.pipe().what());
        }
      }
      file.write(PipeWords.table(taken.table()));
    } catch (IOException e) {
      LOG.error("the pipe table cannot be written", e);
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "the pipe table cannot be written: " + e.getMessage(), e);
    }
    known = taken.table();
    taken.orders().forEach(this::command);
  }

  private void command(KnownPipes.Order<PipeInfo> order) {
    PipeSpec spec = PipeWords.spec(order.pipe().what());
    switch (order.state()) {
      case RUNNING -> sender.start(spec);
      case STOPPED -> sender.stop(spec);
      case DROPPED -> sender.drop(spec);
    }
  }

  @Override
  public synchronized long tableVersion() {
    return known.version();
  }

  @Override
  public synchronized void heard(long currentVersion) {
    heardAtMs = clock.nowMs();
    if (currentVersion == known.version()) {
      confirmed();
    }
    checkConfirmation();
  }

  private void confirmed() {
    confirmedAtMs = clock.nowMs();
    confirmed = true;
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
          known.version(),
          nowMs - confirmedAtMs);
      sender.rest(true);
    }
  }

  /**
   * Whether this is the table the cluster goes by: a ConfigNode has said so since this node
   * started, and not too long ago, or there is none to be heard.
   */
  synchronized boolean inForce() {
    return alone || confirmed && !resting;
  }

  @Override
  public synchronized List<PipeReport> reports() {
    List<PipeReport> reports = new ArrayList<>();
    for (KnownPipe<PipeInfo> pipe : known.pipes().values()) {
      if (pipe.state() == KnownPipe.State.RUNNING) {
        Health health = sender.health(pipe.number());
        reports.add(new PipeReport(pipe.number(), FeedRows.level(health), health.cause()));
      }
    }
    return reports;
  }

  @Override
  public List<Long> past(UUID region, long index) {
    return sender.past(region, index);
  }

  @Override
  public List<FeedDetails> details(long pipeNumber) {
    FeedRows rows = new FeedRows(clock.nowMs(), WallClock.SYSTEM.nowMs());
    return sender.reports().stream()
        .filter(report -> report.pipeNumber() == pipeNumber)
        .map(rows::of)
        .toList();
  }
}
