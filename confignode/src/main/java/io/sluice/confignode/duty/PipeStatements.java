package io.sluice.confignode.duty;

import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeCommand;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.PipeProcedure.Step;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries pipe statements to the DataNodes. Where a statement stands is in the image; this only
 * moves it on. Two statements on one pipe take turns; on different pipes they do not wait.
 *
 * <p>A procedure found in the image by a new leader was never answered as done, so it is undone
 * (CREATE, START, STOP) or left in status DROP: the same as if a DataNode had not been reached.
 */
final class PipeStatements {
  private static final Logger LOG = LoggerFactory.getLogger(PipeStatements.class);

  private final Supplier<ClusterImage> image;
  private final Decisions decisions;
  private final NodeHealth health;
  private final FanOut fanOut;
  private final Executor executor;
  private final Pause firstRound;
  private final Runnable tableChanged;
  private final StatementCounters counters;
  private final long turnTimeoutMs;
  private final Turns turns = new Turns();

  /** Decides a command and waits for the answer. */
  @FunctionalInterface
  interface Decisions {
    Decider.Decided decide(Command command)
        throws StatusException, NotLeadingException, InterruptedException;
  }

  /** Waits, for a bounded time. */
  @FunctionalInterface
  interface Pause {
    void await() throws InterruptedException;
  }

  /**
   * @param firstRound until it is known which DataNodes are up
   * @param tableChanged called after each statement, so that the table is sent to those behind soon
   * @param turnTimeoutMs for which a statement waits for another on the same pipe
   */
  PipeStatements(
      Supplier<ClusterImage> image,
      Decisions decisions,
      NodeHealth health,
      FanOut fanOut,
      Executor executor,
      Pause firstRound,
      Runnable tableChanged,
      StatementCounters counters,
      long turnTimeoutMs) {
    this.image = image;
    this.decisions = decisions;
    this.health = health;
    this.fanOut = fanOut;
    this.executor = executor;
    this.firstRound = firstRound;
    this.tableChanged = tableChanged;
    this.counters = counters;
    this.turnTimeoutMs = turnTimeoutMs;
  }

  /**
   * Runs one statement to its end.
   *
   * @param begin makes the command that begins it, given the DataNodes to tell
   * @throws StatusException why not, as the client is to see it
   * @throws NotLeadingException when it had no effect, or will have none, for want of leadership
   */
  void run(String pipe, Function<SortedSet<Integer>, Command> begin)
      throws StatusException, NotLeadingException, InterruptedException {
    try (Turns.Turn turn = turns.take(pipe, turnTimeoutMs)) {
      if (turn == null) {
        throw new StatusException(
            StatusCode.PIPE_ERROR,
            "PIPE [" + pipe + "] has another statement under way, please retry.");
      }
      firstRound.await();
      TreeSet<Integer> targets = health.up(image.get().nodes().dataNodes().keySet());
      Decider.Decided begun = decisions.decide(begin.apply(targets));
      Optional<PipeProcedure> procedure = procedureOf(begun.records());
      if (procedure.isPresent()) {
        carryOut(procedure.get(), begun.image());
      }
    } finally {
      tableChanged.run();
    }
  }

  private static Optional<PipeProcedure> procedureOf(List<Record> records) {
    return records.stream()
        .filter(Record.ProcedureSet.class::isInstance)
        .map(record -> ((Record.ProcedureSet) record).procedure())
        .findFirst();
  }

  private void carryOut(PipeProcedure procedure, ClusterImage begun)
      throws StatusException, NotLeadingException, InterruptedException {
    List<CallFailure> failures = tell(begun, procedure, procedure.operation(), procedure.targets());
    if (!failures.isEmpty()) {
      TreeSet<Integer> done = new TreeSet<>(procedure.targets());
      failures.forEach(failure -> done.remove(failure.node().id()));
      abandon(procedure, done);
      counters.ended(procedure.operation(), StatementCounters.Outcome.FAILED);
      LOG.warn("{} {} failed: {}", procedure.operation(), procedure.pipeName(), failures);
      throw new StatusException(StatusCode.PIPE_ERROR, failureText(procedure, failures));
    }
    decisions.decide(new PipeCommand.End(procedure.id(), true));
    counters.ended(procedure.operation(), StatementCounters.Outcome.DONE);
  }

  /** Undoes what can be undone and records the end. */
  private void abandon(PipeProcedure procedure, SortedSet<Integer> done)
      throws StatusException, NotLeadingException, InterruptedException {
    Optional<Operation> undo = opposite(procedure);
    if (undo.isPresent()) {
      ClusterImage undoing =
          decisions.decide(new PipeCommand.TurnToUndo(procedure.id(), done)).image();
      if (!undoing.pipes().procedures().containsKey(procedure.id())) {
        // Its end was on its way already: there is nothing to undo.
        return;
      }
      List<CallFailure> failures = tell(undoing, procedure, undo.get(), done);
      if (!failures.isEmpty()) {
        // The table's version has risen: these nodes get the whole table with their next heartbeat.
        LOG.warn("{} of {} is left to the pipe table: {}", undo.get(), procedure, failures);
      }
    }
    decisions.decide(new PipeCommand.End(procedure.id(), false));
  }

  /** What undoes a procedure; empty when nothing does or nothing changed. */
  private static Optional<Operation> opposite(PipeProcedure procedure) {
    return switch (procedure.operation()) {
      case CREATE -> Optional.of(Operation.DROP);
      case START ->
          procedure.before() == Pipe.Status.RUNNING
              ? Optional.empty()
              : Optional.of(Operation.STOP);
      case STOP -> Optional.of(Operation.START);
      case DROP -> Optional.empty();
    };
  }

  private List<CallFailure> tell(
      ClusterImage now, PipeProcedure procedure, Operation operation, Collection<Integer> nodeIds) {
    Pipe pipe = now.pipes().pipes().get(procedure.pipeNumber());
    List<DataNodeMember> nodes = new ArrayList<>();
    for (int id : nodeIds) {
      nodes.add(now.nodes().dataNodes().get(id));
    }
    PipeOperationReq request = request(now, pipe, operation);
    return fanOut.call(nodes, client -> client.operatePipe(request));
  }

  private static PipeOperationReq request(ClusterImage now, Pipe pipe, Operation operation) {
    return switch (operation) {
      case CREATE ->
          new PipeOperationReq(PipeOperation.CREATE, Views.pipe(now, pipe, PipeStatus.STOP));
      case START ->
          new PipeOperationReq(PipeOperation.START, Views.pipe(now, pipe, PipeStatus.RUNNING));
      case STOP -> new PipeOperationReq(PipeOperation.STOP, Views.pipe(now, pipe, PipeStatus.STOP));
      case DROP -> new PipeOperationReq(PipeOperation.DROP, Views.pipe(now, pipe, PipeStatus.DROP));
    };
  }

  private static String failureText(PipeProcedure procedure, List<CallFailure> failures) {
    String name = procedure.pipeName();
    String because = "PIPE [" + name + "] because " + FanOut.text(failures) + ".";
    return switch (procedure.operation()) {
      case CREATE -> "Fail to create " + because;
      case START -> "Fail to start " + because;
      case STOP -> "Fail to stop " + because;
      case DROP ->
          "Fail to DROP_PIPE because Fail to drop "
              + because
              + " Please execute [DROP PIPE "
              + name
              + "] later to retry.";
    };
  }

  /**
   * Takes over what an earlier leader left. Holds the turns of those pipes when it returns; goes on
   * in the background.
   */
  void recover() throws InterruptedException {
    for (PipeProcedure left : image.get().pipes().procedures().values()) {
      Turns.Turn turn = turns.take(left.pipeName(), turnTimeoutMs);
      executor.execute(() -> recover(left, turn));
    }
  }

  /**
   * Brings to an end what this leader began and gave up: a decision's outcome may not be known in
   * time. A procedure that somebody works on has its turn taken. Does not wait.
   */
  void sweep() throws InterruptedException {
    for (PipeProcedure seen : image.get().pipes().procedures().values()) {
      Turns.Turn turn = turns.take(seen.pipeName(), 0);
      if (turn != null) {
        PipeProcedure left = image.get().pipes().procedures().get(seen.id());
        if (left == null) {
          turn.close();
        } else {
          executor.execute(() -> recover(left, turn));
        }
      }
    }
  }

  private void recover(PipeProcedure left, Turns.Turn turn) {
    try (turn) {
      firstRound.await();
      SortedSet<Integer> maybe = left.step() == Step.UNDOING ? left.done() : left.targets();
      LOG.info("{} PIPE {} was left unfinished: it is undone", left.operation(), left.pipeName());
      abandon(left, health.up(maybe));
      counters.ended(left.operation(), StatementCounters.Outcome.TAKEN_OVER);
    } catch (NotLeadingException e) {
      LOG.info("PIPE {} is left to the next leader", left.pipeName());
    } catch (StatusException e) {
      LOG.warn("PIPE {} could not be brought to an end", left.pipeName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tableChanged.run();
    }
  }
}
