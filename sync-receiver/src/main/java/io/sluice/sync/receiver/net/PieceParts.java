package io.sluice.sync.receiver.net;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionEvent;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import io.sluice.sync.receiver.port.DamagedPieceException;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.receiver.port.PiecePart;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts one finished file after the other by target, and hands the parts over. Splitting runs
 * beside the session's lane, everything else on it.
 */
final class PieceParts {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final SessionHost host;
  private final Executor lane;
  private final Source source;
  private final String database;
  private final Consumer<SessionEvent> session;

  /** Of the file that was split last, until they are handed over. */
  private final Map<UUID, PiecePart> parts = new HashMap<>();

  /**
   * @param session told on the lane what becomes of it
   */
  PieceParts(SessionHost host, Executor lane, Ledger ledger, Consumer<SessionEvent> session) {
    this.host = host;
    this.lane = lane;
    this.source = ledger.source();
    this.database = ledger.pipe().database();
    this.session = session;
  }

  /**
   * @param without targets that need no part
   */
  void split(Frame.FileBegin begin, Path file, Set<UUID> without) {
    try {
      host.workers().execute(() -> splitNow(begin, file, target -> !without.contains(target)));
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
      session.accept(new SessionEvent.NotSplit(begin.end()));
    }
  }

  private void splitNow(Frame.FileBegin begin, Path file, Predicate<UUID> wanted) {
    long end = begin.end();
    try {
      List<PiecePart> found = partsOf(begin, file, wanted);
      lane.execute(() -> found(end, found));
    } catch (DamagedPieceException e) {
      LOG.error("piece {} of {} is damaged", end, source, e);
      failed(end, Refusal.DAMAGED, e.getMessage());
    } catch (TargetUnavailableException e) {
      failed(end, Refusal.UNAVAILABLE, e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.error("splitting piece {} of {} failed", end, source, e);
      failed(end, Refusal.UNAVAILABLE, "splitting: " + e.getMessage());
    }
  }

  private List<PiecePart> partsOf(Frame.FileBegin begin, Path file, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException {
    if (begin.content() == Frame.Content.DELETION) {
      return host.splitter().splitDeletion(file, database, wanted);
    }
    return host.splitter().split(file, begin.lengthBytes(), begin.crc32c(), database, wanted);
  }

  private void failed(long end, Refusal why, String text) {
    lane.execute(() -> session.accept(new SessionEvent.SplitFailed(end, why, text)));
  }

  private void found(long end, List<PiecePart> found) {
    found.forEach(part -> parts.put(part.target(), part));
    session.accept(new SessionEvent.Split(end, List.copyOf(parts.keySet())));
  }

  /** Hands each part over that a step speaks of; the others go. */
  void load(long end, Route via, List<Step> steps) {
    for (Step step : steps) {
      PiecePart part = parts.remove(step.target());
      part.load(source, via, step.expect(), step.set())
          .whenComplete(
              (outcome, bug) -> lane.execute(() -> loaded(end, part, step, outcome, bug)));
    }
    parts.values().forEach(PieceParts::close);
    parts.clear();
  }

  private void loaded(long end, PiecePart part, Step step, LoadOutcome outcome, Throwable bug) {
    close(part);
    if (outcome instanceof LoadOutcome.Applied applied && applied.shared() != null) {
      session.accept(new SessionEvent.DeviceShared(applied.shared()));
    }
    session.accept(new SessionEvent.PartLoaded(end, step, known(end, outcome, bug)));
  }

  private LoadOutcome known(long end, LoadOutcome outcome, Throwable bug) {
    if (bug == null) {
      return outcome;
    }
    LOG.error("loading piece {} of {} failed", end, source, bug);
    return new LoadOutcome.Unavailable("loading failed: " + bug);
  }

  private static void close(PiecePart part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("a part's file stays behind", e);
    }
  }
}
