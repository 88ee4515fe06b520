package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.PipeProcedure.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Wishes about pipes. A pipe statement is three of them: it begins (recorded, with the DataNodes to
 * tell), perhaps turns to undoing, and ends.
 */
public sealed interface PipeCommand extends Command {
  /** {@code targets}: the DataNodes Running now. */
  record BeginCreate(
      String name, String sink, long startTimeMs, boolean syncDeletions, SortedSet<Integer> targets)
      implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      PipeNames.check("PIPE", name, StatusCode.PIPE_ERROR);
      checkIdle(image, name);
      if (!image.pipes().sinks().containsKey(sink)) {
        throw pipeError("PIPESINK [" + sink + "] does not exist");
      }
      Pipe existing = image.pipes().pipe(name).orElse(null);
      if (existing != null) {
        throw pipeError(
            "PIPE [" + name + "] is " + existing.status() + ", please retry after drop it.");
      }
      Pipe pipe =
          new Pipe(
              image.pipes().nextPipeNumber(),
              name,
              sink,
              nowMs,
              startTimeMs,
              syncDeletions,
              Pipe.Status.STOP,
              image.pipes().version() + 1);
      return List.of(
          new Record.PipeSet(pipe), begun(image, Operation.CREATE, pipe, targets, nowMs));
    }
  }

  /** Of a RUNNING pipe too: the DataNodes retry at once what was failing. */
  record BeginStart(String name, SortedSet<Integer> targets) implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkIdle(image, name);
      Pipe pipe = existing(image, name);
      if (pipe.status() == Pipe.Status.DROP) {
        throw pipeError("PIPE [" + name + "] has been dropped and cannot be started again.");
      }
      return begin(image, Operation.START, pipe, pipe.status(), targets, nowMs);
    }
  }

  /**
   * A stopped pipe is recorded as it is: what is in the log was not said by a leader that others
   * have replaced.
   */
  record BeginStop(String name, SortedSet<Integer> targets) implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkIdle(image, name);
      Pipe pipe = existing(image, name);
      if (pipe.status() == Pipe.Status.DROP) {
        throw pipeError("PIPE [" + name + "] has been dropped and cannot be stopped again.");
      }
      if (pipe.status() == Pipe.Status.STOP) {
        return List.of(new Record.PipeSet(pipe));
      }
      return begin(image, Operation.STOP, pipe, pipe.status(), targets, nowMs);
    }
  }

  /** The pipe ships nothing from here on, whatever the outcome. */
  record BeginDrop(String name, SortedSet<Integer> targets) implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      checkIdle(image, name);
      Pipe pipe = existing(image, name);
      return begin(image, Operation.DROP, pipe, Pipe.Status.DROP, targets, nowMs);
    }
  }

  /**
   * Not every DataNode could be told: those in {@code done} are to undo it. The pipe is as before
   * from here on. Not for DROP, which is never undone.
   */
  record TurnToUndo(long procedureId, SortedSet<Integer> done) implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      PipeProcedure procedure = image.pipes().procedures().get(procedureId);
      if (procedure == null || procedure.step() != Step.DOING) {
        return List.of();
      }
      Pipe pipe = image.pipes().pipes().get(procedure.pipeNumber());
      return List.of(
          new Record.PipeSet(pipe.with(procedure.before(), image.pipes().version() + 1)),
          new Record.ProcedureSet(procedure.undoing(done)));
    }
  }

  /**
   * The statement is over. Nothing happens when it was ended before, nor when it is to end well but
   * is being undone: then DataNodes have been told the opposite.
   *
   * @param succeeded whether every target was told
   */
  record End(long procedureId, boolean succeeded) implements PipeCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      PipeProcedure procedure = image.pipes().procedures().get(procedureId);
      if (procedure == null || succeeded && procedure.step() == Step.UNDOING) {
        return List.of();
      }
      Pipe pipe = image.pipes().pipes().get(procedure.pipeNumber());
      long version = image.pipes().version() + 1;
      boolean gone = procedure.operation() == (succeeded ? Operation.DROP : Operation.CREATE);
      List<Record> records = new ArrayList<>();
      records.add(new Record.ProcedureGone(procedureId));
      records.add(
          gone
              ? new Record.PipeGone(pipe.number(), version)
              : new Record.PipeSet(pipe.with(statusAfter(procedure), version)));
      return records;
    }

    private Pipe.Status statusAfter(PipeProcedure procedure) {
      return switch (procedure.operation()) {
        case CREATE -> Pipe.Status.STOP;
        case START -> succeeded ? Pipe.Status.RUNNING : procedure.before();
        case STOP -> succeeded ? Pipe.Status.STOP : procedure.before();
        case DROP -> Pipe.Status.DROP;
      };
    }
  }

  private static List<Record> begin(
      ClusterImage image,
      Operation operation,
      Pipe pipe,
      Pipe.Status meanwhile,
      SortedSet<Integer> targets,
      long nowMs) {
    return List.of(
        new Record.PipeSet(pipe.with(meanwhile, image.pipes().version() + 1)),
        begun(image, operation, pipe, targets, nowMs));
  }

  private static Record begun(
      ClusterImage image, Operation operation, Pipe pipe, SortedSet<Integer> targets, long nowMs) {
    return new Record.ProcedureSet(
        new PipeProcedure(
            image.pipes().nextProcedureId(),
            operation,
            pipe.number(),
            pipe.name(),
            pipe.status(),
            Step.DOING,
            targets,
            new TreeSet<>(),
            nowMs));
  }

  private static Pipe existing(ClusterImage image, String name) throws StatusException {
    return image
        .pipes()
        .pipe(name)
        .orElseThrow(() -> pipeError("PIPE [" + name + "] does not exist"));
  }

  private static void checkIdle(ClusterImage image, String name) throws StatusException {
    if (image.pipes().procedureOn(name).isPresent()) {
      throw pipeError("PIPE [" + name + "] has another statement under way, please retry.");
    }
  }

  private static StatusException pipeError(String text) {
    return new StatusException(StatusCode.PIPE_ERROR, text);
  }
}
