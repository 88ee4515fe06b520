package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.statement.PipeEffect.Course;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One statement, or one procedure left behind, while it has the turn on its pipe. Mutable. */
final class Turn {
  /** What is waited for. */
  enum Phase {
    /** The decision that begins it. */
    BEGINNING,
    /** DataNodes that are being told. */
    DOING,
    /** The decision that ends it well. */
    ENDING_WELL,
    /** The decision that turns to undoing. */
    TURNING,
    /** DataNodes that are being told to undo it. */
    UNDOING,
    /** The decision that ends it without effect, or with status DROP. */
    ENDING
  }

  final long id;
  final String pipe;
  final Operation operation;

  /** Null when nobody waits for an answer: a procedure left behind. */
  final Asker asker;

  /** Null until it is recorded. */
  PipeProcedure procedure;

  Phase phase;
  Course course;

  /** Number of the round of calls under way. */
  int call;

  /** When the round of calls is given up. */
  long untilMs;

  /** DataNodes that have not answered in this round. */
  final TreeMap<Integer, DataNodeMember> asked = new TreeMap<>();

  /** DataNodes that did it. */
  final TreeSet<Integer> didIt = new TreeSet<>();

  final SortedMap<Integer, NodeFailure> failures = new TreeMap<>();

  /** The last decision did not go through, or may have: the image will tell, in a while. */
  boolean unsettled;

  /** Who asked for a statement, and until when it waits for its turn. */
  record Asker(long statement, PipeStatement what, long untilMs) {}

  private Turn(long id, String pipe, Operation operation, Asker asker, Course course) {
    this.id = id;
    this.pipe = pipe;
    this.operation = operation;
    this.asker = asker;
    this.course = course;
  }

  static Turn of(long id, Asker asker) {
    Turn turn = new Turn(id, asker.what().pipe(), asker.what().operation(), asker, Course.STRAIGHT);
    turn.phase = Phase.BEGINNING;
    return turn;
  }

  static Turn of(long id, PipeProcedure left) {
    Turn turn = new Turn(id, left.pipeName(), left.operation(), null, Course.TAKEN_OVER);
    turn.procedure = left;
    return turn;
  }

  boolean calls() {
    return phase == Phase.DOING || phase == Phase.UNDOING;
  }

  /** What undoes it; empty when nothing does or nothing changed. */
  Optional<Operation> opposite() {
    return switch (operation) {
      case CREATE -> Optional.of(Operation.DROP);
      case START ->
          procedure.before() == Pipe.Status.RUNNING
              ? Optional.empty()
              : Optional.of(Operation.STOP);
      case STOP -> Optional.of(Operation.START);
      case DROP -> Optional.empty();
    };
  }

  String failureText() {
    String because = "PIPE [" + pipe + "] because " + NodeFailure.text(failures.values()) + ".";
    return switch (operation) {
      case CREATE -> "Fail to create " + because;
      case START -> "Fail to start " + because;
      case STOP -> "Fail to stop " + because;
      case DROP ->
          "Fail to DROP_PIPE because Fail to drop "
              + because
              + " Please execute [DROP PIPE "
              + pipe
              + "] later to retry.";
    };
  }
}
