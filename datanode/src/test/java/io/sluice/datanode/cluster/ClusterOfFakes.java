package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.Patience;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.thrift.transport.TTransportException;

/**
 * One ConfigNode and some DataNodes that talk real Thrift over loopback; what they hold is fake.
 */
final class ClusterOfFakes implements AutoCloseable {
  static final LeaderConfigNode.Options QUICK =
      new LeaderConfigNode.Options(2_000, 10_000, 5_000, 3_000, 5_000, 5_000, 20);
  static final RegionRoutes.Options ROUTES =
      new RegionRoutes.Options(5_000, 30_000, 6_000, 20, 300, 4, 64);
  static final InternalService.Options SERVICE = new InternalService.Options(3, 60_000, 20);

  static final ThriftPeers.Options PEERS =
      new ThriftPeers.Options(5_000, 5_000, 1 << 20, 4_000, 20, 256);

  static final long PROCESS_ID = 7_000;

  final String clusterId = UUID.randomUUID().toString();
  final FakeConfigNode configNode = new FakeConfigNode(clusterId);
  final FakeEntryBytes entryBytes = new FakeEntryBytes();
  final AtomicLong nowMs = new AtomicLong(1_000);
  final List<Node> nodes = new ArrayList<>();

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Endpoint configNodeEndpoint;

  ClusterOfFakes(Path folder, int dataNodes) throws Exception {
    InternalServer server =
        started(
            new InternalServer(
                "fake-confignode", "127.0.0.1", 0, new ConfigNodeService.Processor<>(configNode)));
    configNodeEndpoint = new Endpoint("127.0.0.1", server.port());
    for (int i = 0; i < dataNodes; i++) {
      nodes.add(new Node(folder.resolve("dn" + i)));
    }
    for (Node node : nodes) {
      node.catalog.refresh();
    }
    configNode.onRegion =
        region ->
            node(region.getReplicas().get(0))
                .regions
                .add(UUID.fromString(region.getUuid()), region.getDatabase());
  }

  Node node(int id) {
    return nodes.stream().filter(node -> node.id == id).findFirst().orElseThrow();
  }

  private InternalServer started(InternalServer server) {
    open.push(server);
    server.start();
    return server;
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** One DataNode. */
  final class Node {
    final int id;
    final FakeRegions regions;
    final FakeReader reader = new FakeReader();
    final FakePipeControl pipes = new FakePipeControl();
    final LeaderConfigNode client;
    final CatalogCache catalog;
    final ThriftPeers peers;
    final RegionRoutes routes;
    final CatalogRegions clusterRegions;
    final InternalService service;
    final InternalServer server;
    final AtomicInteger heartbeats = new AtomicInteger();
    volatile boolean readOnly;
    final Set<String> refusedSenders = ConcurrentHashMap.newKeySet();

    /** So many calls to come lose their connection before they are looked at. */
    final AtomicInteger cutCalls = new AtomicInteger();

    volatile boolean cutsEverySecond;
    private final AtomicInteger calls = new AtomicInteger();

    /** While set, the node takes calls and does nothing, like a process that is stopped. */
    volatile CountDownLatch stopped;

    Node(Path folder) throws Exception {
      regions = new FakeRegions(folder);
      client = new LeaderConfigNode(List.of(configNodeEndpoint), QUICK, MonotonicClock.SYSTEM);
      ServiceLater later = new ServiceLater();
      server =
          new InternalServer(
              "fake-datanode", "127.0.0.1", 0, (in, out) -> later.processor.process(in, out));
      Endpoint internal = new Endpoint("127.0.0.1", server.port());
      ClusterMembership.Joined joined =
          new ClusterMembership(
                  new ClusterMembership.Options(
                      folder,
                      "test",
                      new Endpoint("127.0.0.1", 1),
                      internal,
                      internal,
                      PROCESS_ID,
                      20),
                  client)
              .join();
      id = joined.nodeId();
      ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
      open.push(executor::shutdownNow);
      catalog =
          new CatalogCache(joined.catalog(), client, executor, nodes -> {}, MonotonicClock.SYSTEM);
      RegionRoutes.Local local =
          new RegionRoutes.Local(id, regions, reader, entryBytes, disk(), null);
      peers = new ThriftPeers(id, catalog, PEERS, MonotonicClock.SYSTEM);
      open.push(peers);
      routes = new RegionRoutes(local, catalog, ROUTES, MonotonicClock.SYSTEM);
      clusterRegions =
          new CatalogRegions(
              catalog, client, routes::to, new Expiry(catalog::catalog, WallClock.SYSTEM));
      service =
          new InternalService(
              new InternalService.Identity(clusterId, id, PROCESS_ID + id),
              new InternalService.Ports(
                  catalog,
                  local,
                  heartbeats::incrementAndGet,
                  peers,
                  pipes,
                  List::of,
                  refusedSenders::contains),
              SERVICE,
              executor,
              nowMs::get);
      later.processor = new DataNodeService.Processor<>(disturbed(service));
      open.push(client);
      open.push(routes);
      open.push(service);
      started(server);
    }

    /** Nearly full while {@link #readOnly}; looked at anew each time. */
    private DiskSpace disk() {
      AtomicLong later = new AtomicLong();
      return new DiskSpace(() -> readOnly ? 10 : 1_000, 50, () -> later.addAndGet(3_600_000));
    }

    private DataNodeService.Iface disturbed(InternalService service) {
      return (DataNodeService.Iface)
          Proxy.newProxyInstance(
              ClusterOfFakes.class.getClassLoader(),
              new Class<?>[] {DataNodeService.Iface.class},
              (proxy, method, arguments) -> {
                boolean second = calls.incrementAndGet() % 2 == 0;
                if (cutCalls.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    || second && cutsEverySecond) {
                  throw new TTransportException("cut on purpose");
                }
                CountDownLatch waitFor = stopped;
                if (waitFor != null) {
                  waitFor.await();
                }
                return method.invoke(service, arguments);
              });
    }

    /** On return the node's port refuses connections, as that of a dead process does. */
    void die() {
      server.close();
      Patience.await()
          .until(
              () -> {
                try (Socket socket = new Socket("127.0.0.1", server.port())) {
                  return !socket.isConnected();
                } catch (ConnectException e) {
                  return true;
                }
              });
    }
  }

  /** The server's port is registered before the service can be made. */
  private static final class ServiceLater {
    volatile DataNodeService.Processor<DataNodeService.Iface> processor;
  }
}
