package io.sluice.confignode.core;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A pipe statement under way: recorded before the first DataNode hears of it, gone when its outcome
 * is recorded. Whoever leads can tell from it what may have been done and where.
 *
 * @param before the pipe's status when the statement began (STOP for a CREATE)
 * @param targets DataNodes that were Running at the beginning: each may have done the operation
 * @param done with step UNDOING, the DataNodes that did it and are asked to undo it
 */
public record PipeProcedure(
    long id,
    Operation operation,
    long pipeNumber,
    String pipeName,
    Pipe.Status before,
    Step step,
    SortedSet<Integer> targets,
    SortedSet<Integer> done,
    long startedAtMs) {

  /** Codes are stored: never change one. */
  public enum Operation {
    CREATE(1),
    START(2),
    STOP(3),
    DROP(4);

    private final int code;

    Operation(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /** Codes are stored: never change one. */
  public enum Step {
    /** DataNodes are being told. */
    DOING(1),
    /** One could not be told: those that did it are being told to undo it. */
    UNDOING(2);

    private final int code;

    Step(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  public PipeProcedure {
    targets = Collections.unmodifiableSortedSet(new TreeSet<>(targets));
    done = Collections.unmodifiableSortedSet(new TreeSet<>(done));
  }

  PipeProcedure undoing(SortedSet<Integer> didIt) {
    return new PipeProcedure(
        id, operation, pipeNumber, pipeName, before, Step.UNDOING, targets, didIt, startedAtMs);
  }
}
