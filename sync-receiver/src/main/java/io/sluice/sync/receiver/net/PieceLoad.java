package io.sluice.sync.receiver.net;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import io.sluice.sync.receiver.port.DamagedPieceException;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.receiver.port.PiecePart;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one whole file into its targets: split by region, each part applied by compare-and-set.
 * Splitting runs beside the session's lane, everything else on it.
 */
final class PieceLoad {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final SessionHost host;
  private final Executor lane;
  private final ReceiverSession session;
  private final SessionPositions positions;
  private final Ledger ledger;
  private final BiConsumer<PieceQueue.Piece, Boolean> done;

  /** Parts still with their targets, of the one piece that is being loaded. */
  private int pendingParts;

  private boolean failed;

  /** What the targets of that piece refuse, gathered so that the sender hears of all at once. */
  private final List<SeriesConflict> conflicts = new ArrayList<>();

  /**
   * @param done told once per piece, on the lane: whether every target has it
   */
  PieceLoad(
      SessionHost host,
      Executor lane,
      ReceiverSession session,
      SessionPositions positions,
      Ledger ledger,
      BiConsumer<PieceQueue.Piece, Boolean> done) {
    this.host = host;
    this.lane = lane;
    this.session = session;
    this.positions = positions;
    this.ledger = ledger;
    this.done = done;
  }

  void start(PieceQueue.Piece piece) {
    Set<UUID> wanted = new HashSet<>(ledger.targets());
    wanted.removeIf(target -> positions.covered(target, piece.end));
    try {
      host.workers().execute(() -> split(piece, wanted));
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
      done.accept(piece, false);
    }
  }

  private void split(PieceQueue.Piece piece, Set<UUID> wanted) {
    try {
      List<PiecePart> parts =
          // A region that came since the handshake is wanted: its part must be seen.
          parts(piece, target -> wanted.contains(target) || !ledger.targets().contains(target));
      lane.execute(() -> load(piece, parts));
    } catch (DamagedPieceException e) {
      LOG.error("piece {} of {} is damaged", piece.end, ledger.source(), e);
      lane.execute(() -> giveUp(piece, Refusal.DAMAGED, e.getMessage()));
    } catch (TargetUnavailableException e) {
      lane.execute(() -> giveUp(piece, Refusal.UNAVAILABLE, e.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.error("splitting piece {} of {} failed", piece.end, ledger.source(), e);
      lane.execute(() -> giveUp(piece, Refusal.UNAVAILABLE, "splitting: " + e.getMessage()));
    }
  }

  private List<PiecePart> parts(PieceQueue.Piece piece, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException {
    String database = ledger.pipe().database();
    if (piece.begin.content() == Frame.Content.DELETION) {
      return host.splitter().splitDeletion(piece.file.path(), database, wanted);
    }
    return host.splitter()
        .split(
            piece.file.path(), piece.begin.lengthBytes(), piece.begin.crc32c(), database, wanted);
  }

  private void giveUp(PieceQueue.Piece piece, Refusal why, String text) {
    session.refuse(why, text);
    done.accept(piece, false);
  }

  private void load(PieceQueue.Piece piece, List<PiecePart> parts) {
    Map<UUID, PiecePart> byTarget = new HashMap<>();
    parts.forEach(part -> byTarget.put(part.target(), part));
    if (!ledger.targets().containsAll(byTarget.keySet())) {
      parts.forEach(PieceLoad::close);
      giveUp(piece, Refusal.SHAKE_AGAIN, "the regions of the database have changed");
      return;
    }
    List<Step> steps = positions.plan(piece.end, byTarget.keySet());
    for (Step step : steps) {
      PiecePart part = byTarget.remove(step.target());
      pendingParts++;
      part.load(ledger.source(), piece.via, step.expect(), step.set())
          .whenComplete(
              (outcome, bug) -> lane.execute(() -> loaded(piece, part, step, outcome, bug)));
    }
    byTarget.values().forEach(PieceLoad::close);
    if (steps.isEmpty()) {
      done.accept(piece, true);
    }
  }

  private void loaded(
      PieceQueue.Piece piece, PiecePart part, Step step, LoadOutcome outcome, Throwable bug) {
    close(part);
    pendingParts--;
    if (outcome instanceof LoadOutcome.Applied) {
      positions.applied(step);
      host.bringers()
          .brought(ledger.source().clusterId(), part.devices())
          .ifPresent(session::shared);
    } else {
      failed = true;
      if (outcome instanceof LoadOutcome.Conflict conflict) {
        conflicts.addAll(conflict.series());
      } else if (outcome instanceof LoadOutcome.Refused refused) {
        session.refuse(Refusal.DAMAGED, refused.text());
      } else if (outcome instanceof LoadOutcome.Mismatch mismatch) {
        session.refuse(
            Refusal.SHAKE_AGAIN,
            "target " + step.target() + " has " + mismatch.actual() + ", not " + step.expect());
      } else if (outcome instanceof LoadOutcome.Unavailable unavailable) {
        session.refuse(Refusal.UNAVAILABLE, unavailable.text());
      } else {
        LOG.error("loading piece {} of {} failed", piece.end, ledger.source(), bug);
        session.refuse(Refusal.UNAVAILABLE, "loading failed: " + bug);
      }
    }
    if (pendingParts == 0) {
      if (!conflicts.isEmpty()) {
        session.conflict(piece.end, List.copyOf(conflicts));
        conflicts.clear();
      }
      done.accept(piece, !failed);
    }
  }

  private static void close(PiecePart part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("a part's file stays behind", e);
    }
  }
}
