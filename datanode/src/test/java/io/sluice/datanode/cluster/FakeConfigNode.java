package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.IdentityResp;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinksResp;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegisterConfigNodeReq;
import io.sluice.common.rpc.RegisterConfigNodeResp;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A ConfigNode in memory that deals one region per DataNode to a new database. */
class FakeConfigNode implements ConfigNodeService.Iface {
  static final int SLOTS = 1_000;

  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger databasesAsked = new AtomicInteger();
  volatile boolean leads = true;
  volatile Endpoint hint;
  volatile boolean breaks;
  volatile java.util.concurrent.CountDownLatch hangs = new java.util.concurrent.CountDownLatch(0);

  /** Runs for each new region before the answer, as a real ConfigNode creates it first. */
  volatile java.util.function.Consumer<RegionInfo> onRegion = region -> {};

  private final Catalog catalog;
  private int nextRegion = 100;

  FakeConfigNode(String clusterId) {
    catalog =
        new Catalog(
            1,
            clusterId,
            "test",
            SLOTS,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
  }

  private Status status() {
    calls.incrementAndGet();
    try {
      hangs.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (breaks) {
      throw new IllegalStateException("broken on purpose");
    }
    if (!leads) {
      Status status = new Status(StatusCode.NOT_LEADER, "not the leader");
      return hint == null ? status : status.setLeader(hint);
    }
    return new Status(StatusCode.SUCCESS, "");
  }

  synchronized Catalog catalogNow() {
    return new Catalog(catalog);
  }

  synchronized void change(java.util.function.Consumer<Catalog> change) {
    change.accept(catalog);
    catalog.setVersion(catalog.getVersion() + 1);
  }

  @Override
  public synchronized RegisterDataNodeResp registerDataNode(RegisterDataNodeReq req) {
    Status status = status();
    RegisterDataNodeResp answer = new RegisterDataNodeResp(status);
    if (status.getCode() != StatusCode.SUCCESS) {
      return answer;
    }
    if (req.isSetClusterId() && !req.getClusterId().equals(catalog.getClusterId())) {
      return new RegisterDataNodeResp(
          new Status(StatusCode.ILLEGAL_PARAMETER, "belongs to cluster " + req.getClusterId()));
    }
    DataNodeLocation location = new DataNodeLocation(req.getLocation());
    if (location.getId() < 0) {
      location.setId(catalog.getDataNodesSize() + 1);
    }
    catalog.getDataNodes().removeIf(node -> node.getId() == location.getId());
    catalog.getDataNodes().add(location);
    catalog.setVersion(catalog.getVersion() + 1);
    return answer
        .setClusterId(catalog.getClusterId())
        .setNodeId(location.getId())
        .setCatalog(new Catalog(catalog))
        .setPipes(new PipeTable(0, List.of()));
  }

  @Override
  public synchronized CatalogResp getCatalog(long knownVersion) {
    CatalogResp answer = new CatalogResp(status());
    return knownVersion == catalog.getVersion() ? answer : answer.setCatalog(new Catalog(catalog));
  }

  @Override
  public synchronized Status createDatabase(CreateDatabaseReq req) {
    Status status = status();
    databasesAsked.incrementAndGet();
    if (status.getCode() != StatusCode.SUCCESS) {
      return status;
    }
    boolean there =
        catalog.getDatabases().stream().anyMatch(info -> info.getName().equals(req.getName()));
    if (there) {
      return req.isIfNotExists()
          ? status
          : new Status(StatusCode.DATABASE_ALREADY_EXISTS, req.getName() + " has been created");
    }
    List<Integer> ids = new ArrayList<>();
    for (DataNodeLocation node : catalog.getDataNodes()) {
      RegionInfo region =
          new RegionInfo(
              nextRegion++, UUID.randomUUID().toString(), req.getName(), List.of(node.getId()), 0);
      onRegion.accept(region);
      catalog.getRegions().add(region);
      ids.add(region.getId());
    }
    catalog.getDatabases().add(new DatabaseInfo(req.getName(), 1, 1, ids, 0));
    catalog.setVersion(catalog.getVersion() + 1);
    return status;
  }

  @Override
  public Status dropPipe(String name) {
    return status();
  }

  @Override
  public Status lead() {
    return new Status(leads ? StatusCode.SUCCESS : StatusCode.NOT_LEADER, "");
  }

  @Override
  public Status loadConfiguration() {
    return status();
  }

  @Override
  public RegisterConfigNodeResp registerConfigNode(RegisterConfigNodeReq req) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ClusterStateResp getClusterState() {
    return new ClusterStateResp(status());
  }

  @Override
  public VariablesResp getVariables() {
    return new VariablesResp(status());
  }

  @Override
  public Status deleteDatabases(List<String> names) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityResp identify() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status setTtl(String pattern, long ttlMs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status removeDataNode(int id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status removeConfigNode(int id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status extendRegion(int region, int toNode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status removeRegionReplica(int region, int fromNode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status migrateRegion(int region, int fromNode, int toNode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status createPipeSink(CreatePipeSinkReq req) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status dropPipeSink(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PipeSinksResp getPipeSinks(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status createPipe(CreatePipeReq req) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status startPipe(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status stopPipe(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PipesResp getPipes(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PipeDetailsResp getPipeDetails(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status alterPipeSink(String name, PipeSinkChange change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status loadOwnConfiguration() {
    throw new UnsupportedOperationException();
  }

  @Override
  public VariablesResp runningSettings() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status createUser(UserInfo user) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status dropUser(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status setPassword(UserInfo user) {
    throw new UnsupportedOperationException();
  }
}
