package io.sluice.confignode.core.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.PipeCommand;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.PipeProcedure.Step;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.statement.PipeEffect.Course;
import io.sluice.confignode.core.statement.PipeEffect.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The pipe statements of one term of leadership: what to do next, given what happened. Owned by one
 * thread at a time; does no I/O and reads no clock. Made anew for each term, from nothing: where a
 * procedure stands is in the image.
 *
 * <p>A procedure that is recorded was never answered as done, so one left behind is undone (CREATE,
 * START, STOP) or left in status DROP: the same as if a DataNode had not been reached.
 */
public final class PipeStatements {
  /**
   * @param turnMs for which a statement waits for others on the same pipe
   * @param firstRoundMs for which statements wait until every DataNode was asked how it is
   * @param tellMs for which one round of calls to DataNodes may take
   * @param waitingMax statements waiting on one pipe
   */
  public record Limits(long turnMs, long firstRoundMs, long tellMs, int waitingMax) {}

  private final Limits limits;
  private final long firstRoundUntilMs;

  /** By pipe name; only pipes with something under way or waiting, in the order of asking. */
  private final Map<String, Line> lines = new LinkedHashMap<>();

  private final Map<Long, Turn> turns = new HashMap<>();
  private long nextTurn = 1;
  private boolean firstRoundOver;
  private boolean ceased;

  /** Of the step under way. */
  private Moment now;

  private List<PipeEffect> effects = new ArrayList<>();

  private static final class Line {
    private final Deque<Turn.Asker> waiting = new ArrayDeque<>();

    /** Null when it is nobody's turn. */
    private Turn turn;
  }

  /** Begins a term at {@code nowMs}. */
  public PipeStatements(Limits limits, long nowMs) {
    this.limits = limits;
    this.firstRoundUntilMs = nowMs + limits.firstRoundMs();
  }

  /** What is to be done about {@code event}, in this order. */
  public List<PipeEffect> step(PipeEvent event, Moment moment) {
    now = moment;
    effects = new ArrayList<>();
    if (event instanceof PipeEvent.Asked asked) {
      ask(asked);
    } else if (event instanceof PipeEvent.Decided decided) {
      Turn turn = turns.get(decided.turn());
      if (turn != null) {
        decided(turn, decided.decision());
      }
    } else if (event instanceof PipeEvent.Told told) {
      told(told);
    } else if (event instanceof PipeEvent.FirstRoundOver) {
      goOn();
    } else if (event instanceof PipeEvent.Tick) {
      tick();
    } else if (event instanceof PipeEvent.Ceased) {
      cease();
    }
    return effects;
  }

  /** Pipes that have something under way or waiting. */
  public int pipesBusy() {
    return lines.size();
  }

  // ------------------------------------------------------------------ turns

  private void ask(PipeEvent.Asked asked) {
    PipeStatement what = asked.what();
    if (ceased) {
      answer(asked.statement(), new Outcome.NotLeading());
      return;
    }
    Line line = lines.computeIfAbsent(what.pipe(), name -> new Line());
    if (line.waiting.size() >= limits.waitingMax()) {
      answer(asked.statement(), busy(what.pipe()));
      return;
    }
    effects.add(
        new PipeEffect.Reached(Milestone.ASKED, Course.STRAIGHT, what.operation(), what.pipe()));
    line.waiting.add(new Turn.Asker(asked.statement(), what, now.nowMs() + limits.turnMs()));
    next(what.pipe());
  }

  private static Outcome busy(String pipe) {
    return new Outcome.Failure(
        StatusCode.PIPE_ERROR,
        "PIPE [" + pipe + "] has another statement under way, please retry.");
  }

  /** Gives the turn on a pipe to what was left behind, then to who has waited longest. */
  private void next(String pipe) {
    Line line = lines.computeIfAbsent(pipe, name -> new Line());
    if (line.turn == null && firstRoundOver && !ceased) {
      Optional<PipeProcedure> left = now.image().pipes().procedureOn(pipe);
      if (left.isPresent()) {
        takeOver(line, left.get());
      } else if (!line.waiting.isEmpty()) {
        begin(line, line.waiting.remove());
      }
    }
    forgetIdle(pipe, line);
  }

  private void forgetIdle(String pipe, Line line) {
    if (line.turn == null && line.waiting.isEmpty()) {
      lines.remove(pipe);
    }
  }

  private Turn taken(Line line, Turn turn) {
    line.turn = turn;
    turns.put(turn.id, turn);
    return turn;
  }

  /** The turn is over; what is left undone is found in the image by the next tick. */
  private void giveBack(Turn turn, Outcome outcome) {
    Line line = lines.get(turn.pipe);
    line.turn = null;
    turns.remove(turn.id);
    effects.add(new PipeEffect.SendTables());
    if (turn.asker != null) {
      answer(turn.asker.statement(), outcome);
      reached(Milestone.ANSWERED, turn);
    }
    if (turn.unsettled) {
      // Trying again at once would hardly fare better: the next tick does.
      forgetIdle(turn.pipe, line);
    } else {
      next(turn.pipe);
    }
  }

  private void answer(long statement, Outcome outcome) {
    effects.add(new PipeEffect.Answer(statement, outcome));
  }

  private void reached(Milestone milestone, Turn turn) {
    effects.add(new PipeEffect.Reached(milestone, turn.course, turn.operation, turn.pipe));
  }

  private void tick() {
    for (Line line : lines.values()) {
      line.waiting.removeIf(
          asker -> {
            boolean late = now.nowMs() >= asker.untilMs();
            if (late) {
              answer(asker.statement(), busy(asker.what().pipe()));
            }
            return late;
          });
    }
    for (Turn turn : List.copyOf(turns.values())) {
      if (turn.calls() && now.nowMs() >= turn.untilMs) {
        giveUpCalls(turn);
      }
    }
    if (firstRoundOver || now.nowMs() >= firstRoundUntilMs) {
      goOn();
    }
  }

  /** Looks for procedures that nobody works on, and for pipes that wait for the first round. */
  private void goOn() {
    firstRoundOver = true;
    TreeSet<String> pipes = new TreeSet<>(lines.keySet());
    now.image().pipes().procedures().values().forEach(left -> pipes.add(left.pipeName()));
    pipes.forEach(this::next);
  }

  private void cease() {
    ceased = true;
    for (Line line : lines.values()) {
      line.waiting.forEach(asker -> answer(asker.statement(), new Outcome.NotLeading()));
      line.waiting.clear();
    }
    for (Turn turn : List.copyOf(turns.values())) {
      if (turn.phase == Turn.Phase.DOING) {
        giveBack(turn, new Outcome.NotLeading());
      } else if (turn.phase == Turn.Phase.UNDOING) {
        giveBack(turn, failure(turn));
      }
    }
    lines.values().removeIf(line -> line.turn == null);
  }

  // ------------------------------------------------------------------ one statement

  private void begin(Line line, Turn.Asker asker) {
    Turn turn = taken(line, Turn.of(nextTurn++, asker));
    TreeSet<Integer> targets = new TreeSet<>(now.up());
    targets.retainAll(now.image().nodes().dataNodes().keySet());
    reached(Milestone.TURN_TAKEN, turn);
    decide(turn, Turn.Phase.BEGINNING, asker.what().begin(targets));
  }

  private void takeOver(Line line, PipeProcedure left) {
    Turn turn = taken(line, Turn.of(nextTurn++, left));
    reached(Milestone.TAKEN_OVER, turn);
    if (left.step() == Step.UNDOING) {
      undo(turn, now.image());
    } else {
      turn.didIt.addAll(left.targets());
      abandon(turn);
    }
  }

  private void decide(Turn turn, Turn.Phase phase, Command command) {
    turn.phase = phase;
    if (ceased) {
      decided(turn, new Decision.Lost());
    } else {
      effects.add(new PipeEffect.Decide(turn.id, command));
    }
  }

  private void decided(Turn turn, Decision decision) {
    boolean took = decision instanceof Decision.Took;
    turn.unsettled =
        turn.phase == Turn.Phase.BEGINNING ? decision instanceof Decision.Unknown : !took;
    switch (turn.phase) {
      case BEGINNING -> begun(turn, decision);
      case ENDING_WELL -> endedWell(turn, decision);
      case TURNING -> turned(turn, decision);
      case ENDING -> ended(turn, decision);
      case DOING, UNDOING ->
          throw new IllegalStateException("nothing was to be decided in " + turn.phase);
    }
  }

  private void begun(Turn turn, Decision decision) {
    if (!(decision instanceof Decision.Took took)) {
      giveBack(turn, withoutEffect(decision));
      return;
    }
    Optional<PipeProcedure> procedure =
        took.records().stream()
            .filter(Record.ProcedureSet.class::isInstance)
            .map(record -> ((Record.ProcedureSet) record).procedure())
            .findFirst();
    if (procedure.isEmpty()) {
      giveBack(turn, new Outcome.Success());
      return;
    }
    turn.procedure = procedure.get();
    reached(Milestone.BEGUN, turn);
    if (ceased) {
      giveBack(turn, new Outcome.NotLeading());
    } else {
      turn.phase = Turn.Phase.DOING;
      tell(turn, turn.operation, turn.procedure.targets(), took.image());
    }
  }

  /** The answer when a decision that would have had an effect did not have it. */
  private static Outcome withoutEffect(Decision decision) {
    if (decision instanceof Decision.Refused refused) {
      return new Outcome.Failure(refused.code(), refused.text());
    } else if (decision instanceof Decision.Unknown unknown) {
      return new Outcome.Failure(unknown.code(), unknown.text());
    }
    return new Outcome.NotLeading();
  }

  private void tell(Turn turn, Operation operation, Collection<Integer> nodes, ClusterImage image) {
    turn.call++;
    turn.untilMs = now.nowMs() + limits.tellMs();
    turn.asked.clear();
    for (int node : nodes) {
      DataNodeMember member = image.nodes().dataNodes().get(node);
      if (member != null) {
        turn.asked.put(node, member);
      }
    }
    long pipe = turn.procedure.pipeNumber();
    for (DataNodeMember node : turn.asked.values()) {
      effects.add(
          new PipeEffect.Tell(turn.id, turn.call, node, operation, pipe, image, turn.untilMs));
    }
    if (turn.asked.isEmpty()) {
      roundOver(turn);
    }
  }

  private void told(PipeEvent.Told told) {
    Turn turn = turns.get(told.turn());
    if (turn != null && turn.calls() && turn.call == told.call()) {
      answered(turn, told.node(), told.failure());
    }
  }

  private void answered(Turn turn, int node, Optional<String> failure) {
    DataNodeMember member = turn.asked.remove(node);
    if (member == null) {
      return;
    }
    if (turn.phase == Turn.Phase.UNDOING) {
      // Who could not be told gets the whole table: its version has risen.
      reached(Milestone.NODE_UNDONE, turn);
    } else if (failure.isPresent()) {
      turn.course = Course.FAILED;
      turn.failures.put(node, new NodeFailure(member, failure.get()));
      reached(Milestone.NODE_FAILED, turn);
    } else {
      turn.didIt.add(node);
      reached(Milestone.NODE_TOLD, turn);
    }
    if (turn.asked.isEmpty()) {
      roundOver(turn);
    }
  }

  private void giveUpCalls(Turn turn) {
    for (int node : List.copyOf(turn.asked.keySet())) {
      answered(turn, node, Optional.of(NodeFailure.TIMEOUT));
    }
  }

  private void roundOver(Turn turn) {
    if (turn.phase == Turn.Phase.UNDOING) {
      reached(Milestone.UNDO_TOLD, turn);
      decide(turn, Turn.Phase.ENDING, new PipeCommand.End(turn.procedure.id(), false));
    } else if (turn.failures.isEmpty()) {
      reached(Milestone.ALL_TOLD, turn);
      decide(turn, Turn.Phase.ENDING_WELL, new PipeCommand.End(turn.procedure.id(), true));
    } else {
      reached(Milestone.NOT_ALL_TOLD, turn);
      abandon(turn);
    }
  }

  private void endedWell(Turn turn, Decision decision) {
    if (decision instanceof Decision.Took took && !took.records().isEmpty()) {
      reached(Milestone.ENDED, turn);
      giveBack(turn, new Outcome.Success());
    } else if (decision instanceof Decision.Refused refused) {
      giveBack(
          turn,
          new Outcome.Failure(
              refused.code(), "PIPE [" + turn.pipe + "]: " + refused.text() + later(turn)));
    } else {
      // Took without a record: another leader ended it, and that is never well.
      giveBack(turn, withoutEffect(decision));
    }
  }

  // ------------------------------------------------------------------ undoing

  private void abandon(Turn turn) {
    if (turn.opposite().isPresent()) {
      TreeSet<Integer> done = new TreeSet<>(turn.didIt);
      done.retainAll(now.up());
      decide(turn, Turn.Phase.TURNING, new PipeCommand.TurnToUndo(turn.procedure.id(), done));
    } else {
      decide(turn, Turn.Phase.ENDING, new PipeCommand.End(turn.procedure.id(), false));
    }
  }

  private void turned(Turn turn, Decision decision) {
    if (!(decision instanceof Decision.Took took)) {
      giveBack(turn, failure(turn));
      return;
    }
    PipeProcedure recorded = took.image().pipes().procedures().get(turn.procedure.id());
    if (recorded == null) {
      // Its end was on its way already: there is nothing to undo.
      giveBack(turn, failure(turn));
      return;
    }
    turn.procedure = recorded;
    reached(Milestone.UNDO_BEGUN, turn);
    undo(turn, took.image());
  }

  private void undo(Turn turn, ClusterImage image) {
    turn.phase = Turn.Phase.UNDOING;
    if (ceased) {
      giveBack(turn, failure(turn));
      return;
    }
    TreeSet<Integer> nodes = new TreeSet<>(turn.procedure.done());
    nodes.retainAll(now.up());
    tell(turn, turn.opposite().orElseThrow(), nodes, image);
  }

  private void ended(Turn turn, Decision decision) {
    if (decision instanceof Decision.Took) {
      reached(Milestone.ENDED, turn);
    }
    giveBack(turn, failure(turn));
  }

  /**
   * What a statement that could not be carried out everywhere is answered. Its procedure stays in
   * the image until it is undone, whoever leads.
   */
  private static Outcome failure(Turn turn) {
    return turn.asker == null
        ? new Outcome.NotLeading()
        : new Outcome.Failure(StatusCode.PIPE_ERROR, turn.failureText() + later(turn));
  }

  /** Empty when it is undone already, or when nothing is to be undone. */
  private static String later(Turn turn) {
    boolean undone = turn.procedure.step() == Step.UNDOING || !turn.unsettled;
    return undone || turn.opposite().isEmpty()
        ? ""
        : " What was done is undone as soon as a majority of the ConfigNodes confirms it.";
  }
}
