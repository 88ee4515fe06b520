package io.sluice.datanode.statement;

import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.IdentityResp;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeSinksResp;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeView;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegisterConfigNodeReq;
import io.sluice.common.rpc.RegisterConfigNodeResp;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.ReplicaStatus;
import io.sluice.common.rpc.ReplicaView;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Pipes, sinks and databases in lists, with the refusals of the real one. */
public final class FakeConfigNode implements ConfigNodeService.Iface {
  final List<String> changes = new ArrayList<>();
  private static final Status OK = new Status(StatusCode.SUCCESS, "");

  public PipeSinkChange sinkOptions;
  public final List<PipeSinkInfo> sinks = new ArrayList<>();
  public final List<PipeInfo> pipes = new ArrayList<>();
  public final Map<String, String> variables = new LinkedHashMap<>();
  public List<PipeDetail> details = List.of();
  public int reloads;
  public List<String> takeRestart = List.of();
  private final FakeCluster cluster;

  FakeConfigNode(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Status createDatabase(CreateDatabaseReq req) {
    return cluster.create(req.getName())
        ? OK
        : new Status(501, req.getName() + " has already been created as database");
  }

  @Override
  public Status deleteDatabases(List<String> names) {
    cluster.drop(names);
    return OK;
  }

  @Override
  public Status setTtl(String pattern, long ttlMs) {
    return cluster.setTtl(pattern, ttlMs)
        ? OK
        : new Status(StatusCode.DATABASE_NOT_EXIST, "Path [" + pattern + "] does not exist");
  }

  @Override
  public IdentityResp identify() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status removeDataNode(int id) {
    return changed("remove DataNode " + id, id);
  }

  @Override
  public Status removeConfigNode(int id) {
    return changed("remove ConfigNode " + id, id);
  }

  @Override
  public Status extendRegion(int region, int toNode) {
    return changed("extend " + region + " to " + toNode, region);
  }

  @Override
  public Status removeRegionReplica(int region, int fromNode) {
    return changed("remove " + region + " from " + fromNode, region);
  }

  @Override
  public Status migrateRegion(int region, int fromNode, int toNode) {
    return changed("migrate " + region + " from " + fromNode + " to " + toNode, region);
  }

  /** Number 9 does not exist. */
  private Status changed(String what, int number) {
    if (number == 9) {
      return new Status(301, "9 does not exist");
    }
    changes.add(what);
    return OK;
  }

  @Override
  public Status createPipeSink(CreatePipeSinkReq req) {
    if (has(sinks, sink -> sink.getName().equals(req.getName()))) {
      return new Status(1106, "PIPESINK [" + req.getName() + "] already exists in IoTDB.");
    }
    PipeSinkInfo sink =
        new PipeSinkInfo(
            req.getName(), req.getType(), req.getHost(), req.getPort(), FakeCluster.NOW_MS);
    sinkOptions = req.getOptions();
    if (sinkOptions != null) {
      sink.setUser(sinkOptions.getUser());
      sink.setCompression(sinkOptions.getCompression());
      if (sinkOptions.isSetRateLimitBytesPerSecond()) {
        sink.setRateLimitBytesPerSecond(sinkOptions.getRateLimitBytesPerSecond());
      }
    }
    sinks.add(sink);
    return OK;
  }

  @Override
  public Status dropPipeSink(String name) {
    return sinks.removeIf(sink -> sink.getName().equals(name))
        ? OK
        : new Status(1106, "PIPESINK [" + name + "] does not exist");
  }

  @Override
  public PipeSinksResp getPipeSinks(String name) {
    PipeSinksResp answer = new PipeSinksResp(OK);
    answer.setSinks(new ArrayList<>(sinks));
    return answer;
  }

  @Override
  public Status createPipe(CreatePipeReq req) {
    for (PipeInfo pipe : pipes) {
      if (pipe.getName().equals(req.getName())) {
        return new Status(
            1107,
            "PIPE [%s] is %s, please retry after drop it."
                .formatted(req.getName(), pipe.getStatus()));
      }
    }
    for (PipeSinkInfo sink : sinks) {
      if (sink.getName().equals(req.getSink())) {
        pipes.add(
            new PipeInfo(
                req.getName(),
                pipes.size() + 1,
                sink,
                FakeCluster.NOW_MS + pipes.size(),
                req.getStartTimeMs(),
                req.isSyncDeletions(),
                PipeStatus.STOP));
        return OK;
      }
    }
    return new Status(1107, "PIPESINK [" + req.getSink() + "] does not exist");
  }

  private Status change(String name, PipeStatus status) {
    for (PipeInfo pipe : pipes) {
      if (pipe.getName().equals(name)) {
        pipe.setStatus(status);
        return OK;
      }
    }
    return new Status(1107, "PIPE [" + name + "] does not exist");
  }

  @Override
  public Status startPipe(String name) {
    return change(name, PipeStatus.RUNNING);
  }

  @Override
  public Status stopPipe(String name) {
    return change(name, PipeStatus.STOP);
  }

  @Override
  public Status dropPipe(String name) {
    Status found = change(name, PipeStatus.DROP);
    pipes.removeIf(pipe -> pipe.getName().equals(name));
    return found;
  }

  @Override
  public PipesResp getPipes(String name) {
    PipesResp answer = new PipesResp(OK);
    answer.setPipes(pipes.stream().map(pipe -> new PipeView(pipe, PipeHealth.NORMAL, "")).toList());
    return answer;
  }

  @Override
  public ClusterStateResp getClusterState() {
    ClusterStateResp answer = new ClusterStateResp(OK);
    answer.setCatalog(cluster.catalog());
    answer.setConfigNodes(List.of(new NodeState(0, NodeStatus.RUNNING, "Leader")));
    answer.setDataNodes(
        List.of(
            new NodeState(1, NodeStatus.RUNNING, ""), new NodeState(2, NodeStatus.UNKNOWN, "")));
    List<ReplicaView> replicas = new ArrayList<>();
    for (RegionInfo region : cluster.catalog().getRegions()) {
      for (int id : region.getReplicas()) {
        ReplicaStatus status = id == 1 ? ReplicaStatus.RUNNING : ReplicaStatus.UNKNOWN;
        replicas.add(new ReplicaView(region.getId(), id, status, true));
      }
    }
    answer.setReplicas(replicas);
    return answer;
  }

  @Override
  public VariablesResp getVariables() {
    VariablesResp answer = new VariablesResp(OK);
    answer.setVariables(variables);
    return answer;
  }

  @Override
  public Status lead() {
    return new Status(StatusCode.SUCCESS, "");
  }

  @Override
  public Status loadConfiguration() {
    reloads++;
    return new Status(OK).setTakeRestart(takeRestart);
  }

  @Override
  public RegisterConfigNodeResp registerConfigNode(RegisterConfigNodeReq req) {
    throw new UnsupportedOperationException("no statement registers nodes");
  }

  @Override
  public RegisterDataNodeResp registerDataNode(RegisterDataNodeReq req) {
    throw new UnsupportedOperationException("no statement registers nodes");
  }

  @Override
  public CatalogResp getCatalog(long knownVersion) {
    CatalogResp answer = new CatalogResp(OK);
    answer.setCatalog(cluster.catalog());
    return answer;
  }

  private static <T> boolean has(List<T> list, Predicate<T> what) {
    return list.stream().anyMatch(what);
  }

  @Override
  public PipeDetailsResp getPipeDetails(String name) {
    for (PipeInfo pipe : pipes) {
      if (pipe.getName().equals(name)) {
        return new PipeDetailsResp(OK).setPipe(pipe).setDetails(details);
      }
    }
    return new PipeDetailsResp(
        new Status(StatusCode.PIPE_ERROR, "PIPE [" + name + "] does not exist"));
  }

  @Override
  public Status alterPipeSink(String name, PipeSinkChange change) {
    sinkOptions = change;
    return OK;
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
