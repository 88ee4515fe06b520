package io.sluice.sim;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeCommand;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEffect.Outcome;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.datanode.pipe.core.KnownPipe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Follows every statement and holds the answers against what happened. */
final class SimTruth {
  private final SimCluster cluster;
  private final List<Attempt> attempts = new ArrayList<>();

  /** Statements that wait, by leader and pipe, in the order of asking. */
  private final Map<SimConfigNode, Map<String, Deque<Attempt>>> waiting = new HashMap<>();

  private final Map<Long, KnownPipe<PipeInfo>> wanted = new HashMap<>();
  private final Set<Long> endedWell = new HashSet<>();

  /** By number: what the pipes have to be, from the ends alone. */
  private final Map<Long, Pipe.Status> expected = new TreeMap<>();

  SimTruth(SimCluster cluster) {
    this.cluster = cluster;
  }

  Attempt asked(PipeStatement what, SimConfigNode leader, int tries) {
    Attempt attempt = new Attempt(attempts.size(), what, leader, tries);
    attempts.add(attempt);
    line(leader, what.pipe()).add(attempt);
    return attempt;
  }

  private Deque<Attempt> line(SimConfigNode leader, String pipe) {
    return waiting
        .computeIfAbsent(leader, key -> new HashMap<>())
        .computeIfAbsent(pipe, key -> new ArrayDeque<>());
  }

  /** Turns come in the order of asking, so a beginning is that of who has waited longest. */
  Optional<Attempt> begins(SimConfigNode leader, Command command) {
    String pipe = null;
    if (command instanceof PipeCommand.BeginCreate begin) {
      pipe = begin.name();
    } else if (command instanceof PipeCommand.BeginStart begin) {
      pipe = begin.name();
    } else if (command instanceof PipeCommand.BeginStop begin) {
      pipe = begin.name();
    } else if (command instanceof PipeCommand.BeginDrop begin) {
      pipe = begin.name();
    }
    return pipe == null ? Optional.empty() : Optional.of(line(leader, pipe).remove());
  }

  void takesEffect(
      ClusterImage before, Command command, List<Record> records, Optional<Attempt> attempt) {
    ClusterImage after = before.replay(records);
    if (attempt.isPresent()) {
      begun(before, after, attempt.get());
    } else if (command instanceof PipeCommand.End end) {
      ended(before.pipes().procedures().get(end.procedureId()), end.succeeded());
    }
  }

  private void begun(ClusterImage before, ClusterImage after, Attempt attempt) {
    String pipe = attempt.what.pipe();
    check(before.pipes().procedureOn(pipe).isEmpty(), attempt + " began within another");
    Optional<PipeProcedure> procedure = after.pipes().procedureOn(pipe);
    if (procedure.isEmpty()) {
      attempt.recordedWhole = true;
      return;
    }
    attempt.procedure = procedure.get();
    wanted.put(procedure.get().id(), SimCluster.wanted(after, attempt));
    if (procedure.get().operation() == PipeProcedure.Operation.DROP) {
      expected.put(procedure.get().pipeNumber(), Pipe.Status.DROP);
    }
  }

  private void ended(PipeProcedure procedure, boolean succeeded) {
    if (!succeeded) {
      return;
    }
    endedWell.add(procedure.id());
    switch (procedure.operation()) {
      case CREATE, STOP -> expected.put(procedure.pipeNumber(), Pipe.Status.STOP);
      case START -> expected.put(procedure.pipeNumber(), Pipe.Status.RUNNING);
      case DROP -> expected.remove(procedure.pipeNumber());
    }
  }

  Attempt answered(SimConfigNode by, PipeEffect.Answer answer) {
    Attempt attempt = attempts.get((int) answer.statement());
    check(attempt.outcome == null, attempt + " was answered twice");
    check(attempt.leader == by, attempt + " was answered by another");
    attempt.outcome = answer.outcome();
    line(by, attempt.what.pipe()).remove(attempt);
    if (answer.outcome() instanceof Outcome.Success) {
      succeeded(attempt);
    }
    return attempt;
  }

  private void succeeded(Attempt attempt) {
    if (attempt.procedure == null) {
      check(attempt.recordedWhole, attempt + " succeeded without a record");
      return;
    }
    check(
        endedWell.contains(attempt.procedure.id()),
        attempt + " was answered before its end was recorded");
    for (int target : attempt.procedure.targets()) {
      SimDataNode node = cluster.dataNode(target);
      check(
          !node.up || node.lostItsTable || node.has(wanted.get(attempt.procedure.id())),
          attempt + " succeeded, but DataNode " + target + " knows " + node.known);
    }
  }

  /** After everything has come to rest. */
  void checkAtRest() {
    ClusterImage image = cluster.image();
    check(image.pipes().procedures().isEmpty(), "left: " + image.pipes().procedures().values());
    for (Attempt attempt : attempts) {
      boolean certainly = attempt.outcome instanceof Outcome.NotLeading || refused(attempt);
      check(
          !certainly || attempt.procedure == null || !endedWell.contains(attempt.procedure.id()),
          attempt + " has effect although it was answered " + attempt.outcome);
      check(
          attempt.outcome != null || !attempt.leader.alive,
          attempt + " has no answer although its leader lives");
    }
    Map<Long, Pipe.Status> table = new TreeMap<>();
    image.pipes().pipes().values().forEach(pipe -> table.put(pipe.number(), pipe.status()));
    check(table.equals(expected), "the table is " + table + ", it has to be " + expected);
    check(
        cluster.leader().orElseThrow().core.pipesBusy() == 0,
        "the leader still works on some pipe");
    checkNodes();
  }

  private static boolean refused(Attempt attempt) {
    return attempt.outcome instanceof Outcome.Failure failure
        && failure.code() != StatusCode.INTERNAL_ERROR;
  }

  /** Every DataNode knows the table and nothing else. */
  void checkNodes() {
    ClusterImage image = cluster.image();
    Map<Long, KnownPipe.State> table = new TreeMap<>();
    for (Pipe pipe : image.pipes().pipes().values()) {
      table.put(
          pipe.number(),
          switch (pipe.status()) {
            case RUNNING -> KnownPipe.State.RUNNING;
            case STOP -> KnownPipe.State.STOPPED;
            case DROP -> KnownPipe.State.DROPPED;
          });
    }
    for (SimDataNode node : cluster.dataNodes.values()) {
      Map<Long, KnownPipe.State> known = new TreeMap<>();
      node.known.pipes().values().forEach(pipe -> known.put(pipe.number(), pipe.state()));
      check(
          known.equals(table) && node.known.version() == image.pipes().version(),
          "DataNode "
              + node.id
              + " knows "
              + known
              + " of version "
              + node.known.version()
              + ", the table is "
              + table
              + " of version "
              + image.pipes().version());
    }
  }

  long answers(Class<? extends Outcome> kind) {
    return attempts.stream().filter(attempt -> kind.isInstance(attempt.outcome)).count();
  }

  long unanswered() {
    return attempts.stream().filter(attempt -> attempt.outcome == null).count();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
