package io.sluice.confignode;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.FeedDetailsResp;
import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PartRegionResp;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.VariablesResp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;

/**
 * A DataNode as the ConfigNode sees it: its internal service over real Thrift, remembering what it
 * was told. Keeps its port over {@link #kill()} and {@link #comeBack()}.
 */
final class FakeDataNode implements AutoCloseable {
  private static final Status OK = new Status(200, "");

  final Set<String> regions = new ConcurrentSkipListSet<>();
  final List<String> told = java.util.Collections.synchronizedList(new ArrayList<>());
  volatile Map<String, String> settings = Map.of();
  volatile List<String> takeRestart = List.of();
  volatile int id = -1;
  volatile boolean readOnly;
  volatile Status refusal;
  volatile CountDownLatch hang;
  volatile List<PipeReport> reports = List.of();
  volatile List<FeedDetails> feeds = List.of();
  volatile List<Long> passed = List.of();
  private final Map<Long, PipeInfo> pipes = new ConcurrentHashMap<>();
  private volatile long tableVersion = -1;
  private volatile InternalServer server;
  private final int port;

  /** Bound to the port, and not listening: no neighbour is given it while the node is killed. */
  private Socket whileKilled = new Socket();

  private final FakeRegions groups;
  volatile long processId = 1;

  FakeDataNode() throws IOException {
    this(new FakeRegions());
  }

  /** {@code groups} are shared by those that hold replicas of the same regions. */
  FakeDataNode(FakeRegions groups) throws IOException {
    this.groups = groups;
    server = serve(0);
    port = server.port();
  }

  private InternalServer serve(int wanted) throws IOException {
    DataNodeService.Iface service =
        (DataNodeService.Iface)
            Proxy.newProxyInstance(
                DataNodeService.Iface.class.getClassLoader(),
                new Class<?>[] {DataNodeService.Iface.class},
                (InvocationHandler)
                    (proxy, method, arguments) -> answer(method.getName(), arguments));
    InternalServer fresh =
        new InternalServer(
            "fake-datanode", "127.0.0.1", wanted, new DataNodeService.Processor<>(service));
    fresh.start();
    return fresh;
  }

  DataNodeLocation location() {
    return new DataNodeLocation(
        id,
        new Endpoint("127.0.0.1", port),
        new Endpoint("127.0.0.1", port),
        new Endpoint("127.0.0.1", port));
  }

  int port() {
    return port;
  }

  private Object answer(String method, Object[] arguments) throws InterruptedException {
    CountDownLatch waitFor = hang;
    if (waitFor != null) {
      waitFor.await();
    }
    if (method.equals("heartbeat")) {
      HeartbeatReq question = (HeartbeatReq) arguments[0];
      return new HeartbeatResp(
              question.getClusterId().isEmpty() ? new Status(301, "no cluster") : OK,
              id,
              tableVersion,
              List.of(),
              reports,
              readOnly)
          .setReplicas(groups.states(id))
          .setProcessId(processId);
    }
    if (refusal != null) {
      if (method.equals("runningSettings")) {
        return new VariablesResp(refusal);
      } else if (method.equals("partRegion")) {
        return new PartRegionResp(refusal);
      }
      return refusal;
    }
    if (method.equals("partRegion")) {
      told.add("part " + arguments[0]);
      return new PartRegionResp(OK).setPassedPipes(passed);
    }
    if (method.equals("pipeDetails")) {
      return new FeedDetailsResp(OK).setFeeds(feeds);
    }
    switch (method) {
      case "createRegion" -> create((CreateRegionReq) arguments[0]);
      case "deleteRegion" -> delete((String) arguments[0]);
      case "changeRegionMembers" -> {
        told.add("change members");
        return groups.changeMembers(id, (ChangeRegionMembersReq) arguments[0]);
      }
      case "transferRegionLeader" -> {
        told.add("transfer leader");
        return groups.transfer(id, (String) arguments[0], (Integer) arguments[1]);
      }
      case "operatePipe" -> operate((PipeOperationReq) arguments[0]);
      case "replacePipeTable" -> replace((PipeTable) arguments[0]);
      case "loadConfiguration" -> {
        told.add("load configuration");
        return new Status(OK).setTakeRestart(takeRestart);
      }
      case "runningSettings" -> {
        return new VariablesResp(OK).setVariables(settings);
      }
      default -> throw new IllegalStateException(method);
    }
    return OK;
  }

  private void create(CreateRegionReq request) {
    groups.create(id, request);
    regions.add(request.getRegion().getUuid());
  }

  private void delete(String uuid) {
    groups.delete(id, uuid);
    regions.remove(uuid);
  }

  private synchronized void operate(PipeOperationReq request) {
    PipeInfo pipe = request.getPipe();
    told.add(request.getOperation() + " " + pipe.getName());
    PipeInfo mine = pipes.get(pipe.getNumber());
    boolean late =
        mine == null
            ? pipe.getChangedAt() <= tableVersion
            : pipe.getChangedAt() < mine.getChangedAt();
    if (late) {
      told.add("late");
    } else if (request.getOperation() == PipeOperation.DROP) {
      pipes.remove(pipe.getNumber());
    } else {
      pipes.put(pipe.getNumber(), pipe);
    }
  }

  private synchronized void replace(PipeTable table) {
    if (table.getVersion() <= tableVersion) {
      return;
    }
    tableVersion = table.getVersion();
    Map<Long, PipeInfo> next = new TreeMap<>();
    for (PipeInfo pipe : table.getPipes()) {
      PipeInfo mine = pipes.get(pipe.getNumber());
      next.put(
          pipe.getNumber(),
          mine == null || pipe.getChangedAt() > mine.getChangedAt() ? pipe : mine);
    }
    for (PipeInfo mine : pipes.values()) {
      if (mine.getChangedAt() > tableVersion) {
        next.putIfAbsent(mine.getNumber(), mine);
      }
    }
    pipes.clear();
    pipes.putAll(next);
  }

  /** Name and status of each pipe this node has. */
  Map<String, PipeStatus> pipes() {
    Map<String, PipeStatus> view = new TreeMap<>();
    pipes.values().forEach(pipe -> view.put(pipe.getName(), pipe.getStatus()));
    return view;
  }

  Set<Long> pipeNumbers() {
    return new TreeSet<>(pipes.keySet());
  }

  long tableVersion() {
    return tableVersion;
  }

  /** Connections are refused from here on. */
  void kill() throws IOException {
    groups.died(id);
    server.close();
    whileKilled = new Socket();
    whileKilled.setReuseAddress(true);
    whileKilled.bind(new InetSocketAddress("127.0.0.1", port));
  }

  void comeBack() throws IOException {
    whileKilled.close();
    server = serve(port);
    groups.cameBack(id);
  }

  @Override
  public void close() {
    CountDownLatch waiting = hang;
    if (waiting != null) {
      waiting.countDown();
    }
    server.close();
    try {
      whileKilled.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
