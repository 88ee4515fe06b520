package io.sluice.confignode;

import io.sluice.common.time.MonotonicClock;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.view.Views;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a ConfigNode's place in its cluster: tells the leader where it listens after a restart, and
 * asks whether it still belongs when it hears of no leader: one that was removed is told so by the
 * others only.
 */
final class Whereabouts {
  private static final Logger LOG = LoggerFactory.getLogger(Whereabouts.class);
  private static final int LOOK_MS = 500;

  /** Election time-outs without a leader after which the others are asked. */
  private static final int LEADERLESS_TIMEOUTS = 4;

  private final ConfigNodeOptions options;
  private final ConfigNodeMember self;
  private final UUID clusterId;
  private final long processId;
  private final MetadataGroup group;
  private final MonotonicClock clock;
  private long leaderSeenAtMs;

  Whereabouts(
      ConfigNodeOptions options,
      ConfigNodeMember self,
      UUID clusterId,
      long processId,
      MetadataGroup group,
      MonotonicClock clock) {
    this.options = options;
    this.self = self;
    this.clusterId = clusterId;
    this.processId = processId;
    this.group = group;
    this.clock = clock;
  }

  /**
   * Returns when the node is closed.
   *
   * @param restarted the leader is to hear where this node listens now
   * @throws RefusedException when this node does not belong to the cluster
   */
  void keep(boolean restarted, BooleanSupplier closed)
      throws RefusedException, InterruptedException {
    boolean toTell = restarted;
    leaderSeenAtMs = clock.nowMs();
    try (Joining joining = new Joining(clock)) {
      while (!closed.getAsBoolean()) {
        toTell = toTell && !told(joining);
        look(joining);
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
    }
  }

  private void look(Joining joining) throws RefusedException, InterruptedException {
    long nowMs = clock.nowMs();
    long leaderlessMs = LEADERLESS_TIMEOUTS * (long) options.tuning().electionTimeoutMsMax();
    if (group.leaderNodeId().isPresent()) {
      leaderSeenAtMs = nowMs;
    } else if (nowMs - leaderSeenAtMs > leaderlessMs) {
      told(joining);
      leaderSeenAtMs = clock.nowMs();
    }
  }

  /** False when no leader heard it. */
  private boolean told(Joining joining) throws RefusedException, InterruptedException {
    Set<Address> nodes = new LinkedHashSet<>();
    nodes.add(self.internal());
    group.image().nodes().configNodes().values().forEach(node -> nodes.add(node.internal()));
    nodes.addAll(options.seeds());
    try {
      joining.register(
          List.copyOf(new ArrayList<>(nodes)),
          options.clusterName(),
          Views.location(self),
          clusterId,
          processId,
          options.tuning().electionTimeoutMsMax());
      return true;
    } catch (RefusedException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("the leader has not heard yet where this ConfigNode listens", e);
      return false;
    }
  }
}
