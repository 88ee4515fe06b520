package io.sluice.sim;

import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.statement.PipeEffect.Outcome;
import io.sluice.confignode.core.statement.PipeStatement;

/** One statement asked of one leader, and what became of it. */
final class Attempt {
  final long number;
  final PipeStatement what;
  final SimConfigNode leader;

  /** Null until it is answered. */
  Outcome outcome;

  /** Null until its beginning is recorded, if it makes a procedure. */
  PipeProcedure procedure;

  /** What it recorded needed no DataNode: STOP of a stopped pipe. */
  boolean recordedWhole;

  final int tries;

  Attempt(long number, PipeStatement what, SimConfigNode leader, int tries) {
    this.number = number;
    this.what = what;
    this.leader = leader;
    this.tries = tries;
  }

  @Override
  public String toString() {
    return "statement " + number + " " + what.operation() + " " + what.pipe();
  }
}
