package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalServer;
import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.Patience;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.MergingRegionReader;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntryBytes;
import io.sluice.datanode.region.host.RegionHost;
import io.sluice.datanode.region.host.RegionHostOptions;
import io.sluice.datanode.region.host.RegionOptions;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TTransportException;
import org.apache.tsfile.read.common.block.TsBlock;

/** Some DataNodes with real regions in one process, and a ConfigNode that is a catalog. */
final class ClusterOfRegions implements AutoCloseable {
  static final String DATABASE = "root.v";

  private final String clusterId = UUID.randomUUID().toString();
  final FakeConfigNode configNode = new FakeConfigNode(clusterId);
  final List<Node> nodes = new ArrayList<>();
  private final InternalServer configNodeServer;
  private final RegionOptions regionOptions;

  ClusterOfRegions(Path folder, int dataNodes, RegionOptions regionOptions) throws Exception {
    this.regionOptions = regionOptions;
    configNodeServer =
        new InternalServer(
            "fake-confignode", "127.0.0.1", 0, new ConfigNodeService.Processor<>(configNode));
    configNodeServer.start();
    for (int i = 0; i < dataNodes; i++) {
      nodes.add(new Node(folder.resolve("dn" + i)));
    }
    refresh();
  }

  /** Makes a database with one region whose replicas are on these nodes. */
  UUID createRegion(List<Node> replicas) throws Exception {
    RegionInfo region =
        new RegionInfo(
            1,
            UUID.randomUUID().toString(),
            DATABASE,
            replicas.stream().map(n -> n.id).toList(),
            0);
    CreateRegionReq request =
        new CreateRegionReq(region, replicas.stream().map(Node::location).toList());
    for (Node node : replicas) {
      require(node.service.createRegion(request));
    }
    configNode.change(
        catalog -> {
          catalog.getRegions().add(region);
          catalog.getDatabases().add(new DatabaseInfo(DATABASE, 1, 3, List.of(1), 0));
        });
    refresh();
    return UUID.fromString(region.getUuid());
  }

  /** Places the region's replicas anew in the catalog. */
  void place(UUID region, List<Node> replicas) throws StatusException {
    configNode.change(
        catalog ->
            catalog.getRegions().stream()
                .filter(info -> info.getUuid().equals(region.toString()))
                .forEach(info -> info.setReplicas(replicas.stream().map(n -> n.id).toList())));
    refresh();
  }

  static void require(io.sluice.common.rpc.Status status) {
    if (status.getCode() != 200) {
      throw new IllegalStateException(status.toString());
    }
  }

  private void refresh() throws StatusException {
    for (Node node : nodes) {
      if (node.alive) {
        node.catalog.refresh();
      }
    }
  }

  /** Waited for: a busy machine elects anew at any time. */
  Node leader(UUID region) {
    return Patience.await()
        .pollDelay(Duration.ZERO)
        .until(() -> leaderNow(region), Optional::isPresent)
        .orElseThrow();
  }

  /** Of two that say they lead, the one that was elected later: the other has not heard yet. */
  Optional<Node> leaderNow(UUID region) {
    return nodes.stream()
        .filter(node -> node.alive)
        .filter(node -> node.hosted.find(region).filter(Region::leads).isPresent())
        .max(
            Comparator.comparingLong(
                node -> node.hosted.find(region).orElseThrow().state().term()));
  }

  @Override
  public void close() {
    nodes.forEach(Node::die);
    configNodeServer.close();
  }

  /** One DataNode. */
  final class Node {
    final int id;
    final RegionHost host;
    final HostedRegions hosted;
    final CatalogCache catalog;
    final RegionRoutes routes;
    final InternalService service;
    final InternalServer server;
    volatile boolean alive = true;

    /** While set, no other node has an answer from it; its Raft server goes on. */
    volatile boolean deaf;

    /** Calls while it was. */
    final AtomicInteger unheard = new AtomicInteger();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile DataNodeService.Processor<InternalService> processor;

    Node(Path folder) throws Exception {
      LeaderConfigNode client =
          new LeaderConfigNode(
              List.of(new Endpoint("127.0.0.1", configNodeServer.port())),
              ClusterOfFakes.QUICK,
              MonotonicClock.SYSTEM);
      open.push(client);
      server = new InternalServer("datanode", "127.0.0.1", 0, this::serve);
      Endpoint internal = new Endpoint("127.0.0.1", server.port());
      ClusterMembership.Joined joined =
          new ClusterMembership(
                  new ClusterMembership.Options(
                      folder.resolve("system"), "test", internal, internal, internal, 1, 20),
                  client)
              .join();
      id = joined.nodeId();
      ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
      open.push(executor::shutdownNow);
      catalog =
          new CatalogCache(joined.catalog(), client, executor, nodes -> {}, MonotonicClock.SYSTEM);
      ThriftPeers peers =
          new ThriftPeers(id, catalog, ThriftPeers.Options.DEFAULT, MonotonicClock.SYSTEM);
      open.push(peers);
      host =
          RegionHost.open(
              new RegionHostOptions(
                  joined.clusterId(), id, folder.resolve("data"), "127.0.0.1", 0, regionOptions),
              new TsFileSealer(SealOptions.DEFAULT),
              peers);
      open.push(host);
      hosted = new HostedRegions(host);
      SealedFileReader files = new SealedFileReader(ReadCacheOptions.DEFAULT);
      open.push(files);
      RegionRoutes.Local local =
          new RegionRoutes.Local(
              id,
              hosted,
              new MergingRegionReader(files, ReadOptions.DEFAULT),
              new Logged(),
              new DiskSpace(folder, 0, MonotonicClock.SYSTEM),
              null);
      routes =
          new RegionRoutes(local, catalog, RegionRoutes.Options.DEFAULT, MonotonicClock.SYSTEM);
      open.push(routes);
      service =
          new InternalService(
              new InternalService.Identity(clusterId, id, id),
              new InternalService.Ports(
                  catalog,
                  local,
                  () -> {},
                  peers,
                  new FakePipeControl(),
                  List::of,
                  address -> false),
              InternalService.Options.DEFAULT,
              executor,
              MonotonicClock.SYSTEM);
      open.push(service);
      processor = new DataNodeService.Processor<>(service);
      open.push(server);
      server.start();
      configNode.change(
          all ->
              all.getDataNodes().stream()
                  .filter(node -> node.getId() == id)
                  .forEach(node -> node.setRegionRaft(raft())));
    }

    private void serve(TProtocol in, TProtocol out) throws TException {
      if (deaf) {
        unheard.incrementAndGet();
        throw new TTransportException("deaf on purpose");
      }
      processor.process(in, out);
    }

    private Endpoint raft() {
      return new Endpoint("127.0.0.1", host.raftPort());
    }

    DataNodeLocation location() {
      Endpoint internal = new Endpoint("127.0.0.1", server.port());
      return new DataNodeLocation(id, internal, internal, raft());
    }

    /** Every point of a region as this node is told: series path and time to the value's text. */
    Map<String, String> points(UUID region) throws StatusException {
      RegionAccess access = routes.to(region);
      Map<String, String> points = new TreeMap<>();
      for (SeriesInfo series : access.series(List.of(PathPattern.parse("root.**")))) {
        ScanRequest request =
            new ScanRequest(
                List.of(series.key()), List.of(series.spec().type()), TimeRange.ALL, false, 0);
        try (RowBlocks rows = access.scan(request)) {
          for (TsBlock block = rows.next(); block != null; block = rows.next()) {
            for (int i = 0; i < block.getPositionCount(); i++) {
              points.put(
                  series.key().path() + " " + block.getTimeByIndex(i),
                  String.valueOf(block.getColumn(0).getObject(i)));
            }
          }
        }
      }
      return points;
    }

    void die() {
      alive = false;
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static final class Logged implements EntryBytes {
    @Override
    public ByteBuffer encode(LogEntry entry) {
      return ByteBuffer.wrap(LogEntryBytes.encode(entry));
    }

    @Override
    public LogEntry decode(ByteBuffer bytes) throws IOException {
      return LogEntryBytes.decode(bytes);
    }
  }
}
