package io.sluice.confignode.duty;

import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.statement.Decision;
import io.sluice.confignode.core.statement.MilestoneListener;
import io.sluice.confignode.core.statement.Moment;
import io.sluice.confignode.core.statement.NodeFailure;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEffect.Outcome;
import io.sluice.confignode.core.statement.PipeEvent;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.core.statement.PipeStatements;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.raft.UnknownOutcomeException;
import io.sluice.confignode.view.Views;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link PipeStatements} says: decides, calls DataNodes, answers. Thread-safe.
 * Events are taken one after another by whichever thread brought the first of them; carrying out an
 * effect never waits.
 */
final class PipeDuty implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipeDuty.class);

  /** Statements waiting on one pipe. */
  private static final int WAITING_MAX = 64;

  /** Calls under way at once. */
  private static final int CALLS_MAX = 128;

  /** Calls that wait for one of these to end; each is given up with its round anyway. */
  private static final int CALLS_WAITING_MAX = 16_384;

  /** Between a statement's longest way and the moment its client is told that nobody knows. */
  private static final long ANSWER_SLACK_MS = 10_000;

  private final PipeStatements core;
  private final Ports ports;
  private final long answerMsMax;
  private final ThreadPoolExecutor callers;
  private final Queue<PipeEvent> events = new ArrayDeque<>();
  private boolean stepping;
  private volatile int pipesBusy;
  private final AtomicLong statements = new AtomicLong();
  private final Map<Long, CompletableFuture<Outcome>> answers = new ConcurrentHashMap<>();

  /**
   * What it needs of the rest.
   *
   * @param decide in this term only; see {@link Decider#submit(Command, long)}
   * @param sendTables has the pipe table sent to those behind soon; must return at once
   */
  record Ports(
      Supplier<ClusterImage> image,
      Function<Command, CompletableFuture<Decider.Decided>> decide,
      NodeHealth health,
      DataNodeCalls calls,
      Runnable sendTables,
      StatementCounters counters,
      MilestoneListener listener,
      MonotonicClock clock) {}

  /**
   * @param statementMs for which a statement waits for its turn, and a decision for its outcome
   */
  PipeDuty(Ports ports, long statementMs, long callMs, long firstRoundMs) {
    this.ports = ports;
    this.core =
        new PipeStatements(
            new PipeStatements.Limits(statementMs, firstRoundMs, callMs, WAITING_MAX),
            ports.clock().nowMs());
    // Its turn, three decisions, two rounds of calls.
    this.answerMsMax = 4 * statementMs + 2 * callMs + ANSWER_SLACK_MS;
    this.callers =
        new ThreadPoolExecutor(
            CALLS_MAX,
            CALLS_MAX,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CALLS_WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "pipe-call");
              thread.setDaemon(true);
              return thread;
            });
    callers.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs one statement to its end.
   *
   * @throws StatusException why not, or that it is not known, as the client is to see it
   * @throws NotLeadingException when it had no effect, or will have none before the next leader
   *     takes another on that pipe
   */
  void run(PipeStatement statement)
      throws StatusException, NotLeadingException, InterruptedException {
    long number = statements.incrementAndGet();
    var answer = new CompletableFuture<Outcome>();
    answers.put(number, answer);
    try {
      post(new PipeEvent.Asked(number, statement));
      Outcome outcome = answer.get(answerMsMax, TimeUnit.MILLISECONDS);
      if (outcome instanceof Outcome.Failure failure) {
        throw new StatusException(failure.code(), failure.text());
      } else if (outcome instanceof Outcome.NotLeading) {
        throw new NotLeadingException();
      }
    } catch (TimeoutException e) {
      throw new UnknownOutcomeException("it took longer than " + answerMsMax + " ms", e).status();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      answers.remove(number);
    }
  }

  /** Pipes that have something under way or waiting. */
  int pipesBusy() {
    return pipesBusy;
  }

  void firstRoundOver() {
    post(new PipeEvent.FirstRoundOver());
  }

  /** To be called several times within the time-out of a call. */
  void tick() {
    post(new PipeEvent.Tick());
  }

  @Override
  public void close() {
    post(new PipeEvent.Ceased());
    callers.shutdownNow();
  }

  private void post(PipeEvent event) {
    synchronized (events) {
      events.add(event);
      if (stepping) {
        return;
      }
      stepping = true;
    }
    for (PipeEvent next = next(); next != null; next = next()) {
      try {
        List<PipeEffect> effects = core.step(next, moment());
        pipesBusy = core.pipesBusy();
        effects.forEach(this::carryOut);
      } catch (RuntimeException e) {
        LOG.error("a pipe statement failed, which is a fault of this program", e);
      }
    }
  }

  private PipeEvent next() {
    synchronized (events) {
      PipeEvent next = events.poll();
      stepping = next != null;
      return next;
    }
  }

  private Moment moment() {
    ClusterImage image = ports.image().get();
    return new Moment(
        ports.clock().nowMs(), image, ports.health().up(image.nodes().dataNodes().keySet()));
  }

  private void carryOut(PipeEffect effect) {
    if (effect instanceof PipeEffect.Reached reached) {
      LOG.debug(
          "{} PIPE {}: {} ({})",
          reached.operation(),
          reached.pipe(),
          reached.milestone(),
          reached.course());
      ports.counters().reached(reached);
      ports.listener().reached(reached);
    } else if (effect instanceof PipeEffect.Decide decide) {
      ports
          .decide()
          .apply(decide.command())
          .whenComplete(
              (decided, error) ->
                  post(new PipeEvent.Decided(decide.turn(), decision(decided, error))));
    } else if (effect instanceof PipeEffect.Tell tell) {
      tell(tell);
    } else if (effect instanceof PipeEffect.SendTables) {
      ports.sendTables().run();
    } else if (effect instanceof PipeEffect.Answer answer) {
      CompletableFuture<Outcome> waiting = answers.get(answer.statement());
      if (waiting != null) {
        waiting.complete(answer.outcome());
      }
    }
  }

  private static Decision decision(Decider.Decided decided, Throwable error) {
    if (error == null) {
      return new Decision.Took(decided.records(), decided.image());
    } else if (error instanceof NotLeadingException) {
      return new Decision.Lost();
    } else if (error instanceof StatusException refusal) {
      return new Decision.Refused(refusal.code(), refusal.getMessage());
    } else if (error instanceof UnknownOutcomeException unknown) {
      return new Decision.Unknown(StatusCode.INTERNAL_ERROR, unknown.getMessage());
    }
    LOG.error("a decision failed, which is a fault of this program", error);
    return new Decision.Unknown(
        StatusCode.INTERNAL_ERROR, "the ConfigNode failed, see its log: " + error);
  }

  private void tell(PipeEffect.Tell tell) {
    try {
      callers.execute(() -> told(tell, call(tell)));
    } catch (RejectedExecutionException e) {
      LOG.debug("DataNode {} is not called", tell.node().id(), e);
      told(tell, Optional.of("Too many calls under way"));
    }
  }

  private void told(PipeEffect.Tell tell, Optional<String> failure) {
    failure.ifPresent(
        cause ->
            LOG.warn(
                "DataNode {} was not told to {} pipe {}: {}",
                tell.node().id(),
                tell.operation(),
                tell.pipeNumber(),
                cause));
    post(new PipeEvent.Told(tell.turn(), tell.call(), tell.node().id(), failure));
  }

  private Optional<String> call(PipeEffect.Tell tell) {
    if (ports.clock().nowMs() >= tell.untilMs()) {
      return Optional.of(NodeFailure.TIMEOUT);
    }
    PipeOperationReq request = Views.operation(tell.image(), tell.pipeNumber(), tell.operation());
    try {
      Status answer = ports.calls().operate(tell.node(), client -> client.operatePipe(request));
      return CallFailure.of(tell.node(), answer).map(CallFailure::cause);
    } catch (TException e) {
      return Optional.of(CallFailure.of(tell.node(), e).cause());
    }
  }
}
