package io.sluice.confignode;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.core.statement.MilestoneListener;
import io.sluice.confignode.duty.LeaderDuties;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends the leader's duties as leadership comes and goes. Ratis's threads only post here;
 * one thread of its own does the work, in order.
 */
final class Leading implements MetadataGroup.LeadershipListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leading.class);

  /** Between two tries of a term's first command. */
  private static final long BEGIN_PAUSE_MS = 200;

  private final ConfigNodeOptions options;
  private final MeterRegistry registry;
  private final MonotonicClock clock;
  private final WallClock wallClock;
  private final MilestoneListener milestones;
  private final ConfigNodeMember self;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread fresh = new Thread(task, "confignode-leading");
            fresh.setDaemon(true);
            return fresh;
          });
  private volatile LeaderDuties duties;
  private UUID clusterId;
  private MetadataGroup group;
  private Decider decider;

  /** {@code self} founds the cluster when there is none. */
  Leading(
      ConfigNodeOptions options,
      MeterRegistry registry,
      MilestoneListener milestones,
      MonotonicClock clock,
      WallClock wallClock,
      ConfigNodeMember self) {
    this.milestones = milestones;
    this.options = options;
    this.registry = registry;
    this.clock = clock;
    this.wallClock = wallClock;
    this.self = self;
  }

  /** Before the group is started. */
  void attach(UUID cluster, MetadataGroup metadata, Decider decisions) {
    clusterId = cluster;
    group = metadata;
    decider = decisions;
  }

  /** Present while this node leads and is ready to. */
  Optional<LeaderDuties> duties() {
    return Optional.ofNullable(duties);
  }

  @Override
  public void leads(long term) {
    post(() -> begin(term));
  }

  @Override
  public void ceased() {
    post(this::end);
  }

  private void post(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("leadership changed while this ConfigNode was closing", e);
    }
  }

  private void begin(long term) {
    end();
    ConfigNodeOptions.Tuning tuning = options.tuning();
    LeaderDuties fresh =
        new LeaderDuties(
            group,
            self.id(),
            decider,
            term,
            new LeaderDuties.Options(
                tuning.heartbeatMs(),
                tuning.unknownAfterMs(),
                tuning.callTimeoutMs(),
                tuning.statementTimeoutMs(),
                tuning.leadPauseMs()),
            registry,
            milestones,
            clock,
            wallClock);
    try {
      if (!founded(term)) {
        fresh.close();
        return;
      }
      fresh.start();
      duties = fresh;
      LOG.info("ConfigNode {} leads in term {}", self.id(), term);
    } catch (InterruptedException e) {
      fresh.close();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A term's first command, tried until it is a fact: its outcome may be unknown while this node
   * leads on, and nobody else would take over the duties.
   *
   * @return false when this node no longer leads in {@code term}
   */
  private boolean founded(long term) throws InterruptedException {
    var found =
        new NodeCommand.FoundCluster(
            clusterId, options.clusterName(), options.seriesSlotNum(), self);
    while (true) {
      try {
        decider.submit(found).get();
        return true;
      } catch (ExecutionException e) {
        OptionalLong now = group.leadingTerm();
        if (now.isEmpty() || now.getAsLong() != term) {
          LOG.info("leadership of term {} was over at once: {}", term, e.getCause().toString());
          return false;
        }
        LOG.warn("term {} cannot begin yet: {}", term, e.getCause().toString());
        TimeUnit.MILLISECONDS.sleep(BEGIN_PAUSE_MS);
      }
    }
  }

  private void end() {
    LeaderDuties old = duties;
    duties = null;
    if (old != null) {
      LOG.info("ConfigNode {} no longer leads", self.id());
      old.close();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    end();
  }
}
