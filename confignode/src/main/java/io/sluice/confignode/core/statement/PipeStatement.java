package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.PipeCommand;
import io.sluice.confignode.core.PipeProcedure.Operation;
import java.util.SortedSet;

/** What a client wants of a pipe. */
public sealed interface PipeStatement {
  String pipe();

  Operation operation();

  /**
   * The command that begins it.
   *
   * @param targets DataNodes that have to be told
   */
  PipeCommand begin(SortedSet<Integer> targets);

  record Create(String pipe, String sink, long startTimeMs, boolean syncDeletions)
      implements PipeStatement {
    @Override
    public Operation operation() {
      return Operation.CREATE;
    }

    @Override
    public PipeCommand begin(SortedSet<Integer> targets) {
      return new PipeCommand.BeginCreate(pipe, sink, startTimeMs, syncDeletions, targets);
    }
  }

  record Start(String pipe) implements PipeStatement {
    @Override
    public Operation operation() {
      return Operation.START;
    }

    @Override
    public PipeCommand begin(SortedSet<Integer> targets) {
      return new PipeCommand.BeginStart(pipe, targets);
    }
  }

  record Stop(String pipe) implements PipeStatement {
    @Override
    public Operation operation() {
      return Operation.STOP;
    }

    @Override
    public PipeCommand begin(SortedSet<Integer> targets) {
      return new PipeCommand.BeginStop(pipe, targets);
    }
  }

  record Drop(String pipe) implements PipeStatement {
    @Override
    public Operation operation() {
      return Operation.DROP;
    }

    @Override
    public PipeCommand begin(SortedSet<Integer> targets) {
      return new PipeCommand.BeginDrop(pipe, targets);
    }
  }
}
