package io.sluice.sync.receiver.core;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One finished piece on its way into its targets: split by region, each part applied by
 * compare-and-set. Writes what it wants done to the session's outbox. Pure; owned by one session.
 */
final class PieceLoad {
  private final Frame.FileBegin begin;
  private final Route via;
  private final List<UUID> targets;
  private final SessionPositions positions;
  private final Outbox out;
  private final Consumer<Frame.FromReceiver> lastWord;

  /** Parts still with their targets. */
  private int pendingParts;

  private boolean failed;

  /** What the targets refuse, gathered so that the sender hears of all at once. */
  private final List<SeriesConflict> conflicts = new ArrayList<>();

  enum State {
    PENDING,
    /** Every target has it. */
    EVERYWHERE,
    /** Some target has not, or is not known to have it; none will answer any more. */
    FAILED
  }

  /**
   * @param via how the piece had come to the sender
   * @param targets that the session shook hands for
   * @param lastWord ends the session
   */
  PieceLoad(
      Frame.FileBegin begin,
      Route via,
      List<UUID> targets,
      SessionPositions positions,
      Outbox out,
      Consumer<Frame.FromReceiver> lastWord) {
    this.begin = begin;
    this.via = via;
    this.targets = targets;
    this.positions = positions;
    this.out = out;
    this.lastWord = lastWord;
  }

  /** A region that came since the handshake is not left out: its part must be seen. */
  void begin() {
    Set<UUID> without = new HashSet<>(targets);
    without.removeIf(target -> !positions.covered(target, begin.end()));
    out.want(new SessionEffect.Split(begin, without));
  }

  State split(List<UUID> found) {
    if (!targets.containsAll(found)) {
      out.want(new SessionEffect.Load(begin.end(), via, List.of()));
      return giveUp(Refusal.SHAKE_AGAIN, "the regions of the database have changed");
    }
    List<Step> steps = positions.plan(begin.end(), new LinkedHashSet<>(found));
    out.want(new SessionEffect.Load(begin.end(), via, steps));
    pendingParts = steps.size();
    return steps.isEmpty() ? State.EVERYWHERE : State.PENDING;
  }

  State giveUp(Refusal why, String text) {
    lastWord.accept(new Frame.Refused(why, text));
    return State.FAILED;
  }

  /** Each failure ends the session at once, except for conflicts: they wait for the others. */
  State loaded(Step step, LoadOutcome outcome) {
    pendingParts--;
    if (outcome instanceof LoadOutcome.Applied) {
      positions.applied(step);
    } else {
      failed = true;
      if (outcome instanceof LoadOutcome.Conflict conflict) {
        conflicts.addAll(conflict.series());
      } else {
        lastWord.accept(refusal(step, outcome));
      }
    }
    if (pendingParts > 0) {
      return State.PENDING;
    }
    if (!conflicts.isEmpty()) {
      lastWord.accept(new Frame.Conflict(begin.end(), List.copyOf(conflicts)));
    }
    return failed ? State.FAILED : State.EVERYWHERE;
  }

  private static Frame.Refused refusal(Step step, LoadOutcome outcome) {
    if (outcome instanceof LoadOutcome.Refused refused) {
      return new Frame.Refused(Refusal.DAMAGED, refused.text());
    } else if (outcome instanceof LoadOutcome.Mismatch mismatch) {
      return new Frame.Refused(
          Refusal.SHAKE_AGAIN,
          "target " + step.target() + " has " + mismatch.actual() + ", not " + step.expect());
    }
    return new Frame.Refused(Refusal.UNAVAILABLE, ((LoadOutcome.Unavailable) outcome).text());
  }
}
