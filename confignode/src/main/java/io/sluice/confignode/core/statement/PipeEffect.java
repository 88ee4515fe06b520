package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.PipeProcedure.Operation;

/** What is to be done now, in the order given. */
public sealed interface PipeEffect {
  /** Decide a command in this term and none other, and report {@link PipeEvent.Decided}. */
  record Decide(long turn, Command command) implements PipeEffect {}

  /**
   * Tell a DataNode what to do with a pipe and report {@link PipeEvent.Told}. Doing it twice, or
   * late, is doing it once.
   *
   * @param call tells the doing from the undoing
   * @param image holds the pipe as it is to be told
   * @param untilMs after which nobody waits for it: not to be begun then
   */
  record Tell(
      long turn,
      int call,
      DataNodeMember node,
      Operation operation,
      long pipeNumber,
      ClusterImage image,
      long untilMs)
      implements PipeEffect {}

  /** Answer a client. Once for each statement asked. */
  record Answer(long statement, Outcome outcome) implements PipeEffect {}

  /** Send the pipe table soon to DataNodes whose table is behind. */
  record SendTables() implements PipeEffect {}

  /** A statement or a procedure left behind has come this far. */
  record Reached(Milestone milestone, Course course, Operation operation, String pipe)
      implements PipeEffect {}

  /** Which way a procedure goes. */
  enum Course {
    /** As it should. */
    STRAIGHT,
    /** Some DataNode was not reached or refused: undone, or left in status DROP. */
    FAILED,
    /** Left by an earlier leader or given up by this one: undone, or left in status DROP. */
    TAKEN_OVER
  }

  /** What a client is answered. */
  sealed interface Outcome {
    /** It took effect on every DataNode that was not Unknown. */
    record Success() implements Outcome {}

    /**
     * It did not, or that is not known; the text says which.
     *
     * @param code of {@link io.sluice.common.status.StatusCode}
     */
    record Failure(int code, String text) implements Outcome {}

    /** It had no effect, or will be undone before the leader takes another on that pipe. */
    record NotLeading() implements Outcome {}
  }
}
