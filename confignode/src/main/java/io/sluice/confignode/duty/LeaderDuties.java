package io.sluice.confignode.duty;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.statement.MilestoneListener;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.raft.UnknownOutcomeException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a ConfigNode does while it leads; made anew for each term, closed when it ends. */
public final class LeaderDuties implements AutoCloseable {
  /**
   * @param heartbeatMs between two questions to the same DataNode
   * @param unknownAfterMs of silence after which a node is Unknown
   * @param callTimeoutMs for one call to a DataNode
   * @param statementTimeoutMs for which a statement waits for another on the same pipe
   */
  public record Options(
      int heartbeatMs, long unknownAfterMs, int callTimeoutMs, long statementTimeoutMs) {}

  /**
   * Calls to DataNodes under way at once; beyond it, and after closing, the caller's own thread
   * makes the call: nobody waits for a task that was dropped.
   */
  private static final int CALLS_MAX = 256;

  /** For which a statement waits until a new leader has asked every DataNode once. */
  private static final long FIRST_ROUND_MS_MAX = 3_000;

  /** For which a new ConfigNode may take to catch up. */
  private static final long ADD_MEMBER_MS_MAX = 30_000;

  /** For the answer to a heartbeat, so that a healed connection is noticed soon. */
  private static final int HEARTBEAT_ANSWER_MS_MAX = 3_000;

  /**
   * For which CREATE and DELETE DATABASE wait for the DataNodes before it is left to the
   * background.
   */
  private static final long SETTLE_MS_MAX = 5_000;

  /** After a node registered, heartbeats come this often until it answers. */
  private static final int EAGER_MS = 100;

  private static final int EAGER_ROUNDS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);

  private final MetadataGroup group;
  private final Decider decider;
  private final Options options;
  private final NodeHealth health;
  private final DataNodeCalls calls;
  private final ThreadPoolExecutor workers;
  private final ScheduledExecutorService timer;
  private final FanOut fanOut;
  private final Heartbeats heartbeats;
  private final RegionKeeper regions;
  private final MemberKeeper members;
  private final PipeDuty pipes;
  private final CompletableFuture<Void> firstRound = new CompletableFuture<>();

  /**
   * @param term in which this ConfigNode leads
   * @param milestones hears how far pipe statements come
   */
  public LeaderDuties(
      MetadataGroup group,
      Decider decider,
      long term,
      Options options,
      MeterRegistry registry,
      MilestoneListener milestones,
      MonotonicClock clock,
      WallClock wallClock) {
    this.group = group;
    this.decider = decider;
    this.options = options;
    this.health = new NodeHealth(clock, options.unknownAfterMs());
    this.calls =
        new DataNodeCalls(
            Math.min(HEARTBEAT_ANSWER_MS_MAX, options.callTimeoutMs()), options.callTimeoutMs());
    this.workers =
        new ThreadPoolExecutor(
            0,
            CALLS_MAX,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "confignode-call"),
            (task, pool) -> task.run());
    this.timer =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "confignode-timer"));
    this.fanOut = new FanOut(calls, workers);
    this.heartbeats = new Heartbeats(group::image, calls, health, wallClock, workers);
    this.regions = new RegionKeeper(group::image, calls, health, decider::submit, workers);
    this.members = new MemberKeeper(group, workers, ADD_MEMBER_MS_MAX);
    this.pipes =
        new PipeDuty(
            new PipeDuty.Ports(
                group::image,
                command -> decider.submit(command, term),
                health,
                calls,
                this::askSoon,
                new StatementCounters(registry),
                milestones,
                clock),
            options.statementTimeoutMs(),
            options.callTimeoutMs(),
            FIRST_ROUND_MS_MAX);
  }

  public void start() {
    timer.execute(
        () ->
            heartbeats
                .tick()
                .whenComplete(
                    (done, error) -> {
                      firstRound.complete(null);
                      pipes.firstRoundOver();
                    }));
    timer.scheduleWithFixedDelay(
        this::tick, options.heartbeatMs(), options.heartbeatMs(), TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      heartbeats.tick();
      regions.tick(region -> true);
      members.tick();
      pipes.tick();
    } catch (RuntimeException e) {
      LOG.error("a duty failed, which is a fault of this program", e);
    }
  }

  public NodeHealth health() {
    return health;
  }

  /** Waits, for a bounded time, until each DataNode was asked once in this term. */
  public void awaitFirstRound() throws InterruptedException {
    try {
      firstRound.get(FIRST_ROUND_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("some DataNode has not answered yet", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Decides a command and waits for it to be a fact. */
  public Decider.Decided decide(Command command)
      throws StatusException, NotLeadingException, InterruptedException {
    try {
      return decider.submit(command).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusException refusal) {
        throw refusal;
      } else if (e.getCause() instanceof NotLeadingException elsewhere) {
        throw elsewhere;
      } else if (e.getCause() instanceof UnknownOutcomeException unknown) {
        throw unknown.status();
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** See {@link PipeDuty#run}. */
  public void pipeStatement(PipeStatement statement)
      throws StatusException, NotLeadingException, InterruptedException {
    pipes.run(statement);
  }

  /**
   * Has regions of these databases made or removed now. Waits for one call each, for a bounded
   * time; what is not done then is done in the background.
   */
  public void settleRegions(Collection<String> databases) throws InterruptedException {
    try {
      regions
          .tick(region -> databases.contains(region.database()))
          .get(SETTLE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("regions are settled in the background", e);
    }
  }

  /** A DataNode registered: its first answer is wanted soon. */
  public void nodeRegistered(int node) {
    expect(node, EAGER_ROUNDS);
  }

  private void expect(int node, int rounds) {
    boolean silent = health.running(List.of(node)).isEmpty();
    if (rounds > 0 && silent) {
      heartbeats.tick();
      try {
        timer.schedule(() -> expect(node, rounds - 1), EAGER_MS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("DataNode {} is left to the next leader", node, e);
      }
    }
  }

  private void askSoon() {
    try {
      timer.execute(heartbeats::tick);
    } catch (RejectedExecutionException e) {
      LOG.debug("the tables are left to the next leader", e);
    }
  }

  /** Tells every DataNode that is not Unknown. */
  public void tellAll(
      String failurePrefix, InternalClients.Call<DataNodeService.Client, Status> call)
      throws StatusException, InterruptedException {
    awaitFirstRound();
    ClusterImage now = group.image();
    List<DataNodeMember> nodes =
        health.up(now.nodes().dataNodes().keySet()).stream()
            .map(now.nodes().dataNodes()::get)
            .toList();
    List<CallFailure> failures = fanOut.call(nodes, call);
    if (!failures.isEmpty()) {
      throw new StatusException(
          StatusCode.EXECUTE_ERROR, failurePrefix + FanOut.text(failures) + ".");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    pipes.close();
    workers.shutdown();
    calls.close();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
