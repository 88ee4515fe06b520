package io.sluice.kill;

import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.statement.Milestone;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEffect.Course;

/** A milestone of one kind of statement on one course. */
record Step(Course course, Operation operation, Milestone milestone) {
  static Step of(PipeEffect.Reached reached) {
    return new Step(reached.course(), reached.operation(), reached.milestone());
  }

  @Override
  public String toString() {
    return operation + " " + course + " " + milestone;
  }
}
