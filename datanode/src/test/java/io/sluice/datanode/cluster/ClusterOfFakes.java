package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.time.MonotonicClock;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * One ConfigNode and some DataNodes that talk real Thrift over loopback; what they hold is fake.
 */
final class ClusterOfFakes implements AutoCloseable {
  static final LeaderConfigNode.Options QUICK =
      new LeaderConfigNode.Options(500, 2_000, 1_000, 1_500, 1_500, 20);
  static final RegionRoutes.Options ROUTES = new RegionRoutes.Options(500, 5_000, 2_000, 20, 4, 64);
  static final InternalService.Options SERVICE = new InternalService.Options(3, 60_000, 20, 4_000);

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
    final RegionRoutes routes;
    final CatalogRegions clusterRegions;
    final InternalService service;
    final InternalServer server;
    volatile boolean readOnly;

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
                      folder, "test", new Endpoint("127.0.0.1", 1), internal, internal, 20),
                  client)
              .join();
      id = joined.nodeId();
      ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
      open.push(executor::shutdownNow);
      catalog = new CatalogCache(joined.catalog(), client, executor, nodes -> {});
      RegionRoutes.Local local =
          new RegionRoutes.Local(id, regions, reader, entryBytes, () -> readOnly);
      routes = new RegionRoutes(local, catalog, ROUTES, MonotonicClock.SYSTEM);
      clusterRegions = new CatalogRegions(catalog, client, routes::to);
      service =
          new InternalService(
              new InternalService.Identity(clusterId, id),
              new InternalService.Ports(catalog, local, pipes, () -> {}),
              SERVICE,
              executor,
              nowMs::get);
      later.processor = new DataNodeService.Processor<>(service);
      open.push(client);
      open.push(routes);
      open.push(service);
      started(server);
    }

    /** On return the node's port refuses connections, as that of a dead process does. */
    void die() {
      server.close();
      Awaitility.await()
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
    volatile DataNodeService.Processor<InternalService> processor;
  }
}
