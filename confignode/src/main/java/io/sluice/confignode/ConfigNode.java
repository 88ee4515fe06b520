package io.sluice.confignode;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.common.net.InternalServer;
import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.NodeFolder.NodeIdentity;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.core.statement.MilestoneListener;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.raft.RaftOptions;
import io.sluice.confignode.service.ConfigNodeHandler;
import io.sluice.confignode.service.Variables;
import io.sluice.confignode.view.Views;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.thrift.TProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ConfigNode's composition root. Start once, close once, both on one thread. */
public final class ConfigNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigNode.class);
  private static final int POLL_MS = 20;

  /** For which a restarted member waits to hear of a leader before it is said to be started. */
  private static final long LEADER_MS_MAX = 10_000;

  private final ConfigNodeOptions options;
  private final MonotonicClock clock;
  private final WallClock wallClock;
  private final MeterRegistry registry;
  private final MilestoneListener milestones;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private NodeIdentity identity;
  private InternalServer server;
  private MetadataGroup group;
  private volatile TProcessor processor;
  private final long processId = new SecureRandom().nextLong();
  private volatile Consumer<String> refused = line -> close();
  private NodeConfiguration configuration = NodeConfiguration.NONE;
  private volatile boolean closed;

  public ConfigNode(ConfigNodeOptions options, MeterRegistry registry) {
    this(options, registry, reached -> {}, MonotonicClock.SYSTEM, WallClock.SYSTEM);
  }

  /**
   * With clocks of the caller's own.
   *
   * @param registry stays the caller's
   * @param milestones hears how far pipe statements come, while this node leads
   */
  public ConfigNode(
      ConfigNodeOptions options,
      MeterRegistry registry,
      MilestoneListener milestones,
      MonotonicClock clock,
      WallClock wallClock) {
    this.milestones = milestones;
    this.registry = registry;
    this.options = options;
    this.clock = clock;
    this.wallClock = wallClock;
  }

  /** Before {@link #start}: what LOAD CONFIGURATION reads again here. */
  void configuredBy(NodeConfiguration files) {
    configuration = files;
  }

  /**
   * Returns when this node takes part: as founder when it leads, as a new member when it was added,
   * after a restart when it knows a leader or has waited long enough for the others.
   *
   * @throws IOException in one readable line; everything is closed again
   */
  public void start() throws IOException, InterruptedException {
    boolean started = false;
    try {
      startAll();
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private void startAll() throws IOException, InterruptedException {
    NodeFolder folder = open(new NodeFolder(options.folder()));
    Optional<NodeIdentity> known = folder.identity();
    checkName(known);
    server =
        open(
            new InternalServer(
                "confignode-internal",
                options.host(),
                options.internalPort(),
                (in, out) -> processor.process(in, out)));
    int raftPort = raftPort(known);
    boolean founder = known.isEmpty() && foundsCluster();
    identity =
        known.isPresent()
            ? known.get()
            : founder
                ? new NodeIdentity(UUID.randomUUID(), options.clusterName(), 0, raftPort)
                : join(raftPort);
    if (identity.raftPort() != raftPort) {
      identity =
          new NodeIdentity(
              identity.clusterId(), identity.clusterName(), identity.nodeId(), raftPort);
    }
    if (!Optional.of(identity).equals(known)) {
      folder.write(identity);
    }
    Leading leading = startGroup(folder, raftPort);
    server.start();
    Thread watch = daemon(() -> watch(known.isPresent()), "confignode-whereabouts");
    if (known.isPresent()) {
      // A leader that does not know yet where this member is now cannot reach it.
      watch.start();
      awaitLeader();
    } else {
      awaitMembership(founder ? leading : null);
      watch.start();
    }
    LOG.info(
        "ConfigNode {} of cluster {} ({}) is up on {}:{}",
        identity.nodeId(),
        identity.clusterName(),
        identity.clusterId(),
        options.host(),
        server.port());
  }

  private void checkName(Optional<NodeIdentity> known) throws IOException {
    if (known.isPresent() && !known.get().clusterName().equals(options.clusterName())) {
      throw new IOException(
          "folder "
              + options.folder()
              + " belongs to cluster "
              + known.get().clusterName()
              + ", but cluster_name is "
              + options.clusterName()
              + ": set cluster_name back, or choose another folder");
    }
  }

  private boolean foundsCluster() {
    return options.seeds().isEmpty()
        || options.seeds().get(0).equals(new Address(options.host(), server.port()));
  }

  /** The port of the options, else the one kept, else a free one; checked to be free. */
  private int raftPort(Optional<NodeIdentity> known) throws IOException {
    int wanted =
        options.raftPort() != 0 ? options.raftPort() : known.map(NodeIdentity::raftPort).orElse(0);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(options.host()), wanted));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on " + options.host() + ":" + wanted + ": " + e.getMessage(), e);
    }
  }

  private NodeIdentity join(int raftPort) throws IOException, InterruptedException {
    ConfigNodeMember self = member(NodeCommand.NO_ID, raftPort);
    try (Joining joining = new Joining(clock)) {
      Joining.Joined joined =
          joining.register(
              options.seeds(),
              options.clusterName(),
              Views.location(self),
              null,
              processId,
              options.tuning().joinTimeoutMs());
      return new NodeIdentity(joined.clusterId(), options.clusterName(), joined.nodeId(), raftPort);
    }
  }

  private ConfigNodeMember member(int id, int raftPort) {
    return new ConfigNodeMember(
        id, new Address(options.host(), server.port()), new Address(options.host(), raftPort));
  }

  private Leading startGroup(NodeFolder folder, int raftPort) throws IOException {
    ConfigNodeOptions.Tuning tuning = options.tuning();
    Leading leading =
        open(
            new Leading(
                options,
                registry,
                milestones,
                clock,
                wallClock,
                member(identity.nodeId(), raftPort)));
    group =
        new MetadataGroup(
            new RaftOptions(
                folder.raftFolder(),
                options.host(),
                raftPort,
                tuning.electionTimeoutMsMin(),
                tuning.electionTimeoutMsMax(),
                tuning.snapshotEntries(),
                tuning.logSegmentBytes()),
            identity.clusterId(),
            identity.nodeId(),
            identity.nodeId() == 0,
            leading);
    open(group);
    Decider decider = open(new Decider(group, wallClock, tuning.statementTimeoutMs()));
    leading.attach(identity.clusterId(), group, decider);
    processor =
        new ConfigNodeService.Processor<>(
            new ConfigNodeHandler(
                new ConfigNodeHandler.Self(identity.nodeId(), processId),
                group,
                leading::duties,
                new Variables(options.dataReplicationFactor(), options.diskSpaceWarningThreshold()),
                configuration));
    ConfigNodeMeters.register(registry, group, leading);
    decider.start();
    group.start();
    return leading;
  }

  private void awaitLeader() throws InterruptedException {
    if (!await(() -> closed || group.leaderNodeId().isPresent(), LEADER_MS_MAX)) {
      LOG.warn("no majority of the ConfigNodes is up: waiting for them");
    }
  }

  /**
   * @param founder whose cluster this node founds; null otherwise
   */
  private void awaitMembership(Leading founder) throws IOException, InterruptedException {
    BooleanSupplier takesPart =
        founder != null
            ? () -> founder.duties().isPresent()
            : () ->
                group.image().nodes().configNodes().containsKey(identity.nodeId()) && group.votes();
    if (!await(takesPart, options.tuning().joinTimeoutMs())) {
      throw new IOException(
          "ConfigNode "
              + identity.nodeId()
              + " was registered but did not become a member in "
              + options.tuning().joinTimeoutMs()
              + " ms: start it again once the others are up");
    }
  }

  private boolean await(BooleanSupplier condition, long timeoutMs) throws InterruptedException {
    long untilMs = clock.nowMs() + timeoutMs;
    while (!condition.getAsBoolean()) {
      if (clock.nowMs() >= untilMs) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
  }

  /** Keeps this node's place in the cluster; see {@link Whereabouts}. */
  private void watch(boolean restarted) {
    Whereabouts whereabouts =
        new Whereabouts(
            options,
            member(identity.nodeId(), identity.raftPort()),
            identity.clusterId(),
            processId,
            group,
            clock);
    try {
      whereabouts.keep(restarted, () -> closed);
    } catch (RefusedException e) {
      LOG.error("this ConfigNode is not part of the cluster: {}", e.getMessage());
      refused.accept(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Told once, with a line for the operator, when the cluster does not take this node (any more):
   * it was removed, or another process is this node. By default the node is closed. Set before
   * {@link #start()}.
   */
  public void whenRefused(Consumer<String> end) {
    refused = end;
  }

  /** Where the Thrift service listens. */
  public Address internal() {
    return new Address(options.host(), server.port());
  }

  public int nodeId() {
    return identity.nodeId();
  }

  public UUID clusterId() {
    return identity.clusterId();
  }

  /** What this member has replayed so far. */
  public ClusterImage image() {
    return group.image();
  }

  /** Node id of the leader as last heard of. */
  public OptionalInt leaderNodeId() {
    return group.leaderNodeId();
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.add(part);
    return part;
  }

  /** In reverse order of opening. */
  @Override
  public void close() {
    closed = true;
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Exception e) {
        LOG.warn("closing {} failed", opened.get(i).getClass().getSimpleName(), e);
      }
    }
    opened.clear();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
