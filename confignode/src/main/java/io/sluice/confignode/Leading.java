package io.sluice.confignode;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.duty.LeaderDuties;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends the leader's duties as leadership comes and goes. Ratis's threads only post here;
 * one thread of its own does the work, in order.
 */
final class Leading implements MetadataGroup.LeadershipListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leading.class);

  private final ConfigNodeOptions options;
  private final MeterRegistry registry;
  private final MonotonicClock clock;
  private final WallClock wallClock;
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
      MonotonicClock clock,
      WallClock wallClock,
      ConfigNodeMember self) {
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
            decider,
            new LeaderDuties.Options(
                tuning.heartbeatMs(),
                tuning.unknownAfterMs(),
                tuning.callTimeoutMs(),
                tuning.statementTimeoutMs()),
            registry,
            clock,
            wallClock);
    try {
      decider
          .submit(
              new NodeCommand.FoundCluster(
                  clusterId, options.clusterName(), options.seriesSlotNum(), self))
          .get();
      fresh.start();
      duties = fresh;
      LOG.info("ConfigNode {} leads in term {}", self.id(), term);
    } catch (ExecutionException e) {
      LOG.info("leadership of term {} was over at once: {}", term, e.getCause().toString());
      fresh.close();
    } catch (InterruptedException e) {
      fresh.close();
      Thread.currentThread().interrupt();
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
