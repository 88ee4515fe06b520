package io.sluice.confignode.duty;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.RegionCommand;
import io.sluice.confignode.core.RemovalCommand;
import io.sluice.confignode.core.statement.MilestoneListener;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.raft.UnknownOutcomeException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a ConfigNode does while it leads; made anew for each term, closed when it ends. */
public final class LeaderDuties implements AutoCloseable {
  /**
   * @param heartbeatMs between two questions to the same DataNode
   * @param unknownAfterMs of silence after which a node is Unknown
   * @param callTimeoutMs for one call to a DataNode
   * @param statementTimeoutMs for which a statement waits for another on the same pipe
   * @param leadPauseMs between two tries to give a region's lead to its preferred replica
   */
  public record Options(
      int heartbeatMs,
      long unknownAfterMs,
      int callTimeoutMs,
      long statementTimeoutMs,
      long leadPauseMs) {}

  /**
   * Calls to DataNodes under way at once; beyond it, and after closing, the caller's own thread
   * makes the call: nobody waits for a task that was dropped.
   */
  private static final int CALLS_MAX = 256;

  /** For which a statement waits until a new leader has asked every DataNode once. */
  private static final long FIRST_ROUND_MS_MAX = 3_000;

  /** For which a new ConfigNode may take to catch up, and for which the lead may take to move. */
  private static final long CHANGE_MEMBER_MS_MAX = 30_000;

  /** For which REMOVE CONFIGNODE waits before it is left to the background. */
  private static final long REMOVE_CONFIG_NODE_MS_MAX = 20_000;

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

  /** After which a ConfigNode that says nothing is not counted on. */
  private static final long CONFIG_NODE_SILENCE_MS_MAX = 5_000;

  private static final int POLL_MS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);

  private final MetadataGroup group;
  private final int self;
  private final MonotonicClock clock;
  private final Decider decider;
  private final Options options;
  private final NodeHealth health;
  private final DataNodeCalls calls;
  private final ThreadPoolExecutor workers;
  private final ScheduledExecutorService timer;
  private final ConfigurationDuty configuration;
  private final Heartbeats heartbeats;
  private final SilenceNotes silence;
  private final RegionKeeper regions;
  private final PartingRegions partings;
  private final RegionChanges changes;
  private final Removals removals;
  private final MemberKeeper members;
  private final Twins twins;
  private final PipeDuty pipes;
  private final PipeOutlook outlook;
  private final CompletableFuture<Void> firstRound = new CompletableFuture<>();

  /**
   * @param term in which this ConfigNode leads
   * @param milestones hears how far pipe statements come
   */
  public LeaderDuties(
      MetadataGroup group,
      int self,
      Decider decider,
      long term,
      Options options,
      MeterRegistry registry,
      MilestoneListener milestones,
      MonotonicClock clock,
      WallClock wallClock) {
    this.group = group;
    this.self = self;
    this.clock = clock;
    this.decider = decider;
    this.options = options;
    this.health =
        new NodeHealth(clock, group.image().nodes().heardDataNodes(), options.unknownAfterMs());
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
    this.configuration =
        new ConfigurationDuty(group, self, health, calls, options.callTimeoutMs(), workers);
    this.heartbeats = new Heartbeats(group::image, calls, health, wallClock, workers);
    this.silence = new SilenceNotes(group::image, health, decider::submit);
    this.regions = new RegionKeeper(group::image, calls, health, decider::submit, workers);
    this.partings = new PartingRegions(group::image, calls, health, decider::submit, workers);
    this.changes =
        new RegionChanges(
            group::image, calls, health, this::decide, workers, clock, options.leadPauseMs());
    this.removals = new Removals(group::image, health, this::decide, changes, workers);
    this.members = new MemberKeeper(group, self, this::decide, workers, CHANGE_MEMBER_MS_MAX);
    this.twins = new Twins(group::image, calls, health, wallClock, HEARTBEAT_ANSWER_MS_MAX);
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
    this.outlook = new PipeOutlook(health, calls, workers, wallClock);
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
      silence.tick();
      regions.tick(region -> !changes.busy(region.id()));
      regions.tickStale();
      partings.tick(region -> true);
      changes.tick();
      removals.tick();
      members.tick();
      pipes.tick();
      outlook.tick(group.image());
    } catch (RuntimeException e) {
      LOG.error("a duty failed, which is a fault of this program", e);
    }
  }

  /** How pipes are; ask after {@link #awaitFirstRound}. */
  public PipeOutlook outlook() {
    return outlook;
  }

  public NodeHealth health() {
    return health;
  }

  public Twins twins() {
    return twins;
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

  /** Pipes that have a statement under way or waiting. */
  public int pipesBusy() {
    return pipes.pipesBusy();
  }

  /** See {@link PipeDuty#run}. */
  public void pipeStatement(PipeStatement statement)
      throws StatusException, NotLeadingException, InterruptedException {
    pipes.run(statement);
  }

  /**
   * Has regions of these databases made, removed or, for their pipes, parted now. Waits for one
   * call each, for a bounded time; what is not done then is done in the background.
   */
  public void settleRegions(Collection<String> databases) throws InterruptedException {
    try {
      CompletableFuture.allOf(
              partings.tick(region -> databases.contains(region.database())),
              regions.tick(
                  region -> databases.contains(region.database()) && !changes.busy(region.id())))
          .get(SETTLE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("regions are settled in the background", e);
    }
  }

  /**
   * Decides a change of where replicas are, given what is known of the nodes; it begins at once.
   */
  public void changeRegions(Function<RegionCommand.Nodes, Command> change)
      throws StatusException, NotLeadingException, InterruptedException {
    awaitFirstRound();
    decide(change.apply(changes.known()));
    changes.tick();
    removals.tick();
  }

  /**
   * Removes a ConfigNode; this one gives the lead away first, and the new leader is to be asked.
   *
   * @return whether it is done; else it is done in the background
   */
  public boolean removeConfigNode(int id)
      throws StatusException, NotLeadingException, InterruptedException {
    Set<Integer> alive = new TreeSet<>();
    try {
      for (Map.Entry<Integer, Long> follower : group.followerSilenceMs().entrySet()) {
        if (follower.getValue() < CONFIG_NODE_SILENCE_MS_MAX) {
          alive.add(follower.getKey());
        }
      }
      alive.add(self);
      if (id == self && alive.size() > 1) {
        new RemovalCommand.RemoveConfigNode(id, alive).decide(group.image(), 0);
        members.giveLeadAway();
        throw new NotLeadingException();
      }
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.EXECUTE_ERROR,
          "ConfigNode " + id + " leads and could not give the lead away: " + e.getMessage(),
          e);
    }
    decide(new RemovalCommand.RemoveConfigNode(id, alive));
    long untilMs = clock.nowMs() + REMOVE_CONFIG_NODE_MS_MAX;
    while (group.image().nodes().configNodes().containsKey(id)) {
      if (clock.nowMs() >= untilMs) {
        return false;
      }
      members.tick();
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
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

  /** LOAD CONFIGURATION: see {@link ConfigurationDuty#load}. */
  public List<String> loadConfiguration() throws StatusException, InterruptedException {
    awaitFirstRound();
    return configuration.load();
  }

  /** See {@link ConfigurationDuty#running}. */
  public Map<String, String> runningSettings() throws InterruptedException {
    awaitFirstRound();
    return configuration.running();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    pipes.close();
    workers.shutdown();
    configuration.close();
    calls.close();
    twins.close();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
