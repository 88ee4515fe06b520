package io.sluice.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.statement.Milestone;
import io.sluice.confignode.core.statement.PipeEffect.Course;
import io.sluice.datanode.pipe.core.KnownPipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/** One statement, the leader halted at one step of it, and what has to hold afterwards. */
final class Kill {
  private static final Duration HALT_PATIENCE = Duration.ofSeconds(20);

  /** A leader may change by itself on a busy machine, and the step is not reached. */
  private static final int TRIES_MAX = 5;

  private static final AtomicInteger PIPES = new AtomicInteger();

  private final KilledCluster cluster;
  private final Step step;

  Kill(KilledCluster cluster, Step step) {
    this.cluster = cluster;
    this.step = step;
  }

  void run() throws Exception {
    for (int tries = 1; !happened(); tries++) {
      assertThat(tries).as("%s was not reached", step).isLessThan(TRIES_MAX);
    }
  }

  /** False when a leader went of itself before the step was reached. */
  private boolean happened() throws Exception {
    String pipe = "p" + PIPES.incrementAndGet();
    cluster.awaitAllUp();
    for (Operation first : Steps.before(step.operation())) {
      cluster.runSurely(first, pipe);
    }
    Map<String, KnownPipe.State> before = cluster.awaitEqualEverywhere();

    cluster.two.refuses = step.course() == Course.FAILED;
    List<Step> fatal = new ArrayList<>(List.of(step));
    if (step.course() == Course.TAKEN_OVER) {
      fatal.add(new Step(Course.STRAIGHT, step.operation(), Milestone.BEGUN));
    }
    for (ConfigProcess process : cluster.processes) {
      process.arm(fatal);
    }
    CompletableFuture<Optional<Status>> answer =
        CompletableFuture.supplyAsync(() -> cluster.run(step.operation(), pipe));
    boolean killed = awaitHalts(step.course() == Course.TAKEN_OVER ? 2 : 1);
    cluster.disarm();
    cluster.two.refuses = false;
    Optional<Status> said = answer.get();
    Map<String, KnownPipe.State> after = cluster.awaitEqualEverywhere();
    checkTruth(pipe, said, before, after, killed);
    clean(pipe);
    return killed;
  }

  /** Processes halt one after another; the first is started again at once, for a majority. */
  private boolean awaitHalts(int count) {
    for (int i = 0; i < count; i++) {
      try {
        await()
            .atMost(HALT_PATIENCE)
            .pollInterval(Duration.ofMillis(10))
            .until(() -> cluster.processes.stream().anyMatch(process -> !process.isAlive()));
      } catch (ConditionTimeoutException e) {
        return false;
      }
      if (i + 1 < count) {
        cluster.startThoseDown(List.of(step));
      }
    }
    return true;
  }

  private void checkTruth(
      String pipe,
      Optional<Status> said,
      Map<String, KnownPipe.State> before,
      Map<String, KnownPipe.State> after,
      boolean killed) {
    Optional<KnownPipe.State> was = Optional.ofNullable(before.get(pipe));
    Optional<KnownPipe.State> is = Optional.ofNullable(after.get(pipe));
    Optional<KnownPipe.State> meant = KilledCluster.after(step.operation());
    Optional<KnownPipe.State> undone =
        step.operation() == Operation.DROP ? Optional.of(KnownPipe.State.DROPPED) : was;
    if (said.isPresent() && said.get().getCode() == 200) {
      assertThat(is).as("%s was answered as done", step).isEqualTo(meant);
    } else if (said.isPresent() && said.get().getCode() == StatusCode.INTERNAL_ERROR) {
      // Nobody confirmed it in time, and it may be confirmed later.
      assertThat(is).as("%s was answered %s", step, said.get()).isIn(was, undone, meant);
    } else if (said.isPresent()) {
      assertThat(is).as("%s was answered %s", step, said.get()).isIn(was, undone);
    }
    if (!killed) {
      return;
    }
    if (step.milestone() == Milestone.ASKED || step.milestone() == Milestone.TURN_TAKEN) {
      assertThat(is).as("%s: nothing was recorded", step).isEqualTo(was);
    } else if (step.course() == Course.STRAIGHT
        && (step.milestone() == Milestone.ENDED || step.milestone() == Milestone.ANSWERED)) {
      assertThat(is).as("%s: its end was recorded", step).isEqualTo(meant);
    } else {
      assertThat(is).as("%s: it is undone", step).isEqualTo(undone);
    }
  }

  /** The pipe's turn is free again, also for the one statement that is always allowed. */
  private void clean(String pipe) {
    cluster.runSurely(Operation.DROP, pipe);
  }
}
