package io.sluice.datanode;

import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.metrics.MetricsEndpoint;
import io.sluice.common.net.InternalServer;
import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.node.NodeFault;
import io.sluice.common.node.Reconfiguration;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.access.CatalogUsers;
import io.sluice.datanode.access.SendingUsers;
import io.sluice.datanode.access.Users;
import io.sluice.datanode.cluster.CatalogCache;
import io.sluice.datanode.cluster.CatalogRegions;
import io.sluice.datanode.cluster.ClusterMembership;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.HostedRegions;
import io.sluice.datanode.cluster.IdentityWatch;
import io.sluice.datanode.cluster.InternalService;
import io.sluice.datanode.cluster.LeaderConfigNode;
import io.sluice.datanode.cluster.ReceivingCluster;
import io.sluice.datanode.cluster.RegionRoutes;
import io.sluice.datanode.cluster.ScrubbedCluster;
import io.sluice.datanode.cluster.SealAtStop;
import io.sluice.datanode.cluster.SettledClock;
import io.sluice.datanode.cluster.SureExpiry;
import io.sluice.datanode.cluster.ThriftPeers;
import io.sluice.datanode.mend.Mends;
import io.sluice.datanode.mend.RottenMend;
import io.sluice.datanode.pipe.PipeService;
import io.sluice.datanode.pipe.TsFileTools;
import io.sluice.datanode.read.MergingRegionReader;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.region.host.FileTools;
import io.sluice.datanode.region.host.RegionHost;
import io.sluice.datanode.rpc.ClientCalls;
import io.sluice.datanode.rpc.ClientServer;
import io.sluice.datanode.statement.StatementExecutor;
import io.sluice.datanode.tsfile.ChunkCutter;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import io.sluice.datanode.verify.PipeVerifier;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DataNode's composition root: makes every long-lived object, in the order in which they need
 * each other, and closes them in reverse. Start and close once.
 */
public final class DataNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataNode.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private DataNode() {}

  /** Returns when clients are served. */
  static DataNode start(Settings settings, Reconfiguration reconfiguration, NodeFault fault)
      throws IOException, StatusException, InterruptedException {
    DataNode node = new DataNode();
    boolean started = false;
    try {
      node.open(settings, reconfiguration, fault);
      started = true;
      return node;
    } finally {
      if (!started) {
        node.close();
      }
    }
  }

  private void open(Settings settings, Reconfiguration reconfiguration, NodeFault fault)
      throws IOException, StatusException, InterruptedException {
    NodeOptions options = new NodeOptions(settings);
    options.requireFreePorts();
    NodeOptions.whiteList(settings); // refused here, before the cluster has heard of this node
    MonotonicClock clock = MonotonicClock.SYSTEM;
    MetricsEndpoint metrics =
        closing(
            new MetricsEndpoint(
                settings.get(Parameters.DN_INTERNAL_ADDRESS),
                settings.get(Parameters.DN_METRICS_PORT)));
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemon("timer"));
    opened.push(timer::shutdownNow);
    ExecutorService background = Executors.newSingleThreadExecutor(daemon("catalog"));
    opened.push(background::shutdownNow);

    LeaderConfigNode configNode =
        closing(
            new LeaderConfigNode(options.configNodes(), LeaderConfigNode.Options.DEFAULT, clock));
    long processId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    ClusterMembership membership = new ClusterMembership(options.membership(processId), configNode);
    ClusterMembership.Joined joined = membership.join();
    IdentityWatch identity =
        closing(
            new IdentityWatch(
                membership::confirm, IdentityWatch.Options.DEFAULT, clock, fault::end));
    CatalogCache catalog =
        new CatalogCache(
            joined.catalog(),
            configNode,
            background,
            nodes ->
                configNode.configNodes(
                    nodes.stream().map(ConfigNodeLocation::getInternal).toList()),
            clock);

    ThriftPeers peers =
        closing(new ThriftPeers(joined.nodeId(), catalog, ThriftPeers.Options.DEFAULT, clock));
    SealedFileReader files = closing(new SealedFileReader(options.caches()));
    FileTools tools =
        new FileTools(
            new TsFileSealer(SealOptions.DEFAULT),
            new TsFileMerger(SealOptions.DEFAULT),
            files::forget);
    RegionHost host = closing(RegionHost.open(options.regions(joined), tools, peers));
    HostedRegions local = new HostedRegions(host);
    closing(new SealAtStop(local, SealAtStop.WAIT_MAX));
    nameMissingRegions(joined, host);
    RegionReader reader = new MergingRegionReader(files, ReadOptions.DEFAULT);
    RottenMend rottenMend =
        new RottenMend(reader, new ChunkCutter(SealOptions.DEFAULT), tools.merger());
    RegionRoutes.Local here =
        new RegionRoutes.Local(
            joined.nodeId(),
            local,
            reader,
            new LoggedBytes(),
            options.diskSpace(clock),
            closing(new Mends(rottenMend, clock)));
    RegionRoutes routes =
        closing(new RegionRoutes(here, catalog, RegionRoutes.Options.DEFAULT, clock));

    SettledClock settling = new SettledClock(WallClock.SYSTEM, clock);
    Expiry expiry = new Expiry(catalog::catalog, settling);
    CatalogRegions cluster = new CatalogRegions(catalog, configNode, routes::to, expiry);
    Users users = new Users(new CatalogUsers(catalog), clock);
    SendingUsers senders =
        new SendingUsers(users, settings.get(Parameters.SYNC_REQUIRE_CREDENTIALS));
    PipeService pipes =
        closing(
            new PipeService(
                options.pipes(joined),
                local,
                cluster,
                configNode,
                new TsFileTools(
                    new ChunkCutter(SealOptions.DEFAULT),
                    here.reader(),
                    new TsFileSealer(SealOptions.DEFAULT)),
                senders,
                expiry,
                clock));
    host.mergeAsAllowedBy(pipes::floors);
    files.reportDamageTo(host::suspect);
    host.scrub(NodeOptions.scrub(settings));
    host.expireBy(new SureExpiry(expiry, settling, catalog::confirmedMsAgo));
    reconfiguration.onReload(new PipeReload(pipes, senders));
    reconfiguration.onReload(
        (fresh, dryRun) -> {
          if (!dryRun) {
            host.scrub(NodeOptions.scrub(fresh));
          }
        });

    InternalService service =
        closing(
            new InternalService(
                new InternalService.Identity(
                    joined.clusterId().toString(), joined.nodeId(), processId),
                new InternalService.Ports(
                    catalog,
                    here,
                    identity::heard,
                    peers,
                    pipes.control(),
                    NodeConfiguration.of(reconfiguration),
                    pipes.receiver()::refuses),
                InternalService.Options.DEFAULT,
                timer,
                clock));
    serveNodes(service, settings);
    identity.start();
    StatementExecutor statements =
        new StatementExecutor(
            new StatementExecutor.Ports(
                cluster,
                configNode,
                new ReceivingCluster(
                        joined.nodeId(), catalog, local, routes, pipes.receiver()::refuses)
                    ::pipes,
                new NamedReload(
                    NodeConfiguration.of(reconfiguration),
                    joined.nodeId(),
                    options.membership(processId).internal()),
                new PipeVerifier(pipes.receivers(), pipes.rowsFiles(), expiry, clock),
                new ScrubbedCluster(joined.nodeId(), catalog, local, routes, clock)::scrub),
            StatementExecutor.Options.defaults(),
            WallClock.SYSTEM);
    ClientServer clients =
        closing(
            new ClientServer(
                options.clients(),
                new ClientCalls(statements, users),
                pipes.protocolSwitch(),
                clock));
    new NodeMeters(host, pipes, metrics.registry(), clock)
        .withCaches(files)
        .withScrub()
        .withPorts(clients)
        .refreshedBy(timer);
    LOG.info(
        "DataNode {} serves clients on port {}",
        joined.nodeId(),
        settings.get(Parameters.DN_RPC_PORT));
  }

  private void serveNodes(InternalService service, Settings settings) throws IOException {
    closing(
            new InternalServer(
                "datanode-internal",
                settings.get(Parameters.DN_INTERNAL_ADDRESS),
                settings.get(Parameters.DN_INTERNAL_PORT),
                new DataNodeService.Processor<>(service)))
        .start();
  }

  /**
   * A region that was never made here yet will be; one whose folder went away is news for the
   * operator.
   */
  private static void nameMissingRegions(ClusterMembership.Joined joined, RegionHost host) {
    for (RegionInfo region : joined.catalog().getRegions()) {
      boolean placedHere = region.getReplicas().contains(joined.nodeId());
      if (placedHere && host.find(UUID.fromString(region.getUuid())).isEmpty()) {
        LOG.error(
            "region {} of {} belongs on this node and has no folder here: unless it is just being"
                + " made, look whether {} is the folder it was and is mounted",
            region.getUuid(),
            region.getDatabase(),
            Parameters.DN_DATA_DIR.key());
      }
    }
  }

  private <T extends AutoCloseable> T closing(T part) {
    opened.push(part);
    return part;
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Stops serving, then seals and closes what is below. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("could not close {} cleanly; what was acknowledged is in the log", part, e);
      }
    }
  }
}
