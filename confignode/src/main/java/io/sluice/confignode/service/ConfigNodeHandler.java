package io.sluice.confignode.service;

import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.IdentityResp;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinksResp;
import io.sluice.common.rpc.PipeView;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.RegisterConfigNodeReq;
import io.sluice.common.rpc.RegisterConfigNodeResp;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.DatabaseCommand;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeSink;
import io.sluice.confignode.core.PipeSinkCommand;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.RegionCommand;
import io.sluice.confignode.core.RemovalCommand;
import io.sluice.confignode.core.SinkOptions;
import io.sluice.confignode.core.User;
import io.sluice.confignode.core.UserCommand;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.duty.LeaderDuties;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.raft.NotLeadingException;
import io.sluice.confignode.view.SinkViews;
import io.sluice.confignode.view.UserViews;
import io.sluice.confignode.view.Views;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code ConfigNodeService}. Never throws: what goes wrong is in the status. */
public final class ConfigNodeHandler implements ConfigNodeService.Iface {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigNodeHandler.class);

  /** Said to who asks for two replicas. */
  private static final String TWO_REPLICAS =
      "data_replication_factor 2 survives no loss: a region goes on only with both of its replicas."
          + " Use 3 to go on with one DataNode down, or 1";

  /**
   * Which process this is.
   *
   * @param processId drawn when it started
   */
  public record Self(int nodeId, long processId) {}

  private final Self self;
  private final MetadataGroup group;
  private final Supplier<Optional<LeaderDuties>> duties;
  private final Variables variables;
  private final ClusterStates states;
  private final NodeConfiguration own;

  /**
   * @param duties present while this node leads
   * @param variables what SHOW VARIABLES prints besides the image
   * @param own the configuration of this process
   */
  public ConfigNodeHandler(
      Self self,
      MetadataGroup group,
      Supplier<Optional<LeaderDuties>> duties,
      Variables variables,
      NodeConfiguration own) {
    this.self = self;
    this.own = own;
    this.group = group;
    this.duties = duties;
    this.variables = variables;
    this.states = new ClusterStates(group);
  }

  /** Done by the leader; returns what it answers with. */
  @FunctionalInterface
  private interface Work<T> {
    T run(LeaderDuties leader)
        throws StatusException, NotLeadingException, InterruptedException, IOException;
  }

  private <T> T lead(Work<T> work, Function<Status, T> refusal) {
    try {
      LeaderDuties leader = duties.get().orElseThrow(NotLeadingException::new);
      return work.run(leader);
    } catch (StatusException e) {
      return refusal.apply(new Status(e.code(), e.getMessage()));
    } catch (NotLeadingException e) {
      return refusal.apply(notLeading());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refusal.apply(new Status(StatusCode.INTERNAL_ERROR, "this ConfigNode is closing"));
    } catch (IOException | RuntimeException e) {
      LOG.error("a request failed", e);
      return refusal.apply(
          new Status(StatusCode.INTERNAL_ERROR, "the ConfigNode failed, see its log: " + e));
    }
  }

  private Status notLeading() {
    Status status = new Status(StatusCode.NOT_LEADER, "this ConfigNode does not lead");
    group.leaderNodeId().stream()
        .mapToObj(group.image().nodes().configNodes()::get)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .ifPresent(leader -> status.setLeader(Views.endpoint(leader.internal())));
    return status;
  }

  private static Status success() {
    return new Status(StatusCode.SUCCESS, "");
  }

  private Status decide(Command command) {
    return lead(
        leader -> {
          leader.decide(command);
          return success();
        },
        Function.identity());
  }

  @Override
  public IdentityResp identify() {
    return new IdentityResp(
        success(), Views.clusterId(group.image()), self.nodeId(), self.processId());
  }

  @Override
  public RegisterConfigNodeResp registerConfigNode(RegisterConfigNodeReq req) {
    return lead(
        leader -> {
          leader
              .twins()
              .check(
                  Views.member(req.getLocation()),
                  processId(req.isSetProcessId(), req.getProcessId()));
          Decider.Decided decided =
              leader.decide(
                  new NodeCommand.RegisterConfigNode(
                      req.getClusterName(),
                      clusterId(req.getClusterId()),
                      Views.member(req.getLocation()),
                      List.copyOf(group.members().keySet())));
          return new RegisterConfigNodeResp(success())
              .setClusterId(Views.clusterId(decided.image()))
              .setNodeId(
                  find(decided, Record.ConfigNodeSet.class)
                      .map(set -> set.node().id())
                      .orElse(req.getLocation().getId()))
              .setConfigNodes(Views.configNodes(decided.image()));
        },
        RegisterConfigNodeResp::new);
  }

  @Override
  public RegisterDataNodeResp registerDataNode(RegisterDataNodeReq req) {
    return lead(
        leader -> {
          leader
              .twins()
              .check(
                  Views.member(req.getLocation()),
                  processId(req.isSetProcessId(), req.getProcessId()));
          Decider.Decided decided =
              leader.decide(
                  new NodeCommand.RegisterDataNode(
                      req.getClusterName(),
                      clusterId(req.getClusterId()),
                      Views.member(req.getLocation())));
          int id =
              find(decided, Record.DataNodeSet.class)
                  .map(set -> set.node().id())
                  .orElse(req.getLocation().getId());
          leader.nodeRegistered(id);
          return new RegisterDataNodeResp(success())
              .setClusterId(Views.clusterId(decided.image()))
              .setNodeId(id)
              .setCatalog(Views.catalog(decided.image()))
              .setPipes(Views.pipeTable(decided.image()));
        },
        RegisterDataNodeResp::new);
  }

  private static OptionalLong processId(boolean said, long id) {
    return said ? OptionalLong.of(id) : OptionalLong.empty();
  }

  private static Optional<UUID> clusterId(String text) throws StatusException {
    try {
      return Optional.ofNullable(text).filter(id -> !id.isEmpty()).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      throw new StatusException(
          StatusCode.ILLEGAL_PARAMETER, "cluster id " + text + " is not a UUID", e);
    }
  }

  private static <R extends Record> Optional<R> find(Decider.Decided decided, Class<R> type) {
    return decided.records().stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public CatalogResp getCatalog(long knownVersion) {
    return lead(
        leader -> {
          ClusterImage image = group.image();
          CatalogResp answer = new CatalogResp(success());
          if (image.catalogVersion() != knownVersion) {
            answer.setCatalog(Views.catalog(image));
          }
          return answer;
        },
        CatalogResp::new);
  }

  @Override
  public ClusterStateResp getClusterState() {
    return lead(leader -> states.of(group.image(), leader.health()), ClusterStateResp::new);
  }

  @Override
  public VariablesResp getVariables() {
    return lead(
        leader ->
            new VariablesResp(success())
                .setVariables(variables.of(group.image(), leader.runningSettings())),
        VariablesResp::new);
  }

  @Override
  public Status createDatabase(CreateDatabaseReq req) {
    return lead(
        leader -> {
          leader.awaitFirstRound();
          List<Integer> nodes = leader.health().running(group.image().nodes().stayingDataNodes());
          int factor =
              req.isSetDataReplicationFactor()
                  ? req.getDataReplicationFactor()
                  : variables.dataReplicationFactor();
          leader.decide(
              new DatabaseCommand.CreateDatabase(
                  req.getName(),
                  req.isIfNotExists(),
                  factor,
                  nodes,
                  Stream.generate(UUID::randomUUID).limit(nodes.size()).toList()));
          leader.settleRegions(Set.of(req.getName()));
          if (factor == DatabaseCommand.REPLICATION_FACTOR_NO_LOSS) {
            LOG.warn("database {}: {}", req.getName(), TWO_REPLICAS);
            return new Status(StatusCode.SUCCESS, TWO_REPLICAS);
          }
          return success();
        },
        Function.identity());
  }

  @Override
  public Status deleteDatabases(List<String> names) {
    return lead(
        leader -> {
          leader.decide(new DatabaseCommand.DeleteDatabases(names));
          leader.settleRegions(names);
          return success();
        },
        Function.identity());
  }

  @Override
  public Status setTtl(String pattern, long ttlMs) {
    return lead(
        leader -> {
          leader.decide(new DatabaseCommand.SetTtl(pattern, ttlMs));
          return success();
        },
        Function.identity());
  }

  @Override
  public Status removeDataNode(int id) {
    return changeRegions(nodes -> new RemovalCommand.RemoveDataNode(id, nodes));
  }

  @Override
  public Status removeConfigNode(int id) {
    return lead(
        leader ->
            leader.removeConfigNode(id)
                ? success()
                : new Status(
                    StatusCode.SUCCESS,
                    "ConfigNode " + id + " is being removed, see SHOW CONFIGNODES"),
        Function.identity());
  }

  @Override
  public Status extendRegion(int region, int toNode) {
    return changeRegions(nodes -> new RegionCommand.Extend(region, toNode, nodes));
  }

  @Override
  public Status removeRegionReplica(int region, int fromNode) {
    return changeRegions(nodes -> new RegionCommand.RemoveReplica(region, fromNode, nodes));
  }

  @Override
  public Status migrateRegion(int region, int fromNode, int toNode) {
    return changeRegions(nodes -> new RegionCommand.Migrate(region, fromNode, toNode, nodes));
  }

  private Status changeRegions(Function<RegionCommand.Nodes, Command> change) {
    return lead(
        leader -> {
          leader.changeRegions(change);
          return success();
        },
        Function.identity());
  }

  @Override
  public Status createPipeSink(CreatePipeSinkReq req) {
    return withOptions(
        req.getOptions(),
        options ->
            new PipeSinkCommand.CreatePipeSink(
                req.getName(), req.getType(), req.getHost(), req.getPort(), options));
  }

  @Override
  public Status alterPipeSink(String name, PipeSinkChange change) {
    return withOptions(change, options -> new PipeSinkCommand.AlterPipeSink(name, options));
  }

  private Status withOptions(PipeSinkChange change, Function<SinkOptions.Change, Command> command) {
    SinkOptions.Change options;
    try {
      options = SinkViews.change(change);
    } catch (IllegalArgumentException e) {
      return new Status(StatusCode.PIPESINK_ERROR, e.getMessage());
    }
    return decide(command.apply(options));
  }

  @Override
  public Status dropPipeSink(String name) {
    return decide(new PipeSinkCommand.DropPipeSink(name));
  }

  @Override
  public PipeSinksResp getPipeSinks(String name) {
    return lead(
        leader -> {
          List<PipeSink> sinks =
              group.image().pipes().sinksByCreation().stream()
                  .filter(sink -> name.isEmpty() || sink.name().equals(name))
                  .toList();
          if (sinks.isEmpty() && !name.isEmpty()) {
            throw new StatusException(
                StatusCode.PIPESINK_ERROR, "PIPESINK [" + name + "] does not exist");
          }
          return new PipeSinksResp(success())
              .setSinks(sinks.stream().map(SinkViews::shown).toList());
        },
        PipeSinksResp::new);
  }

  @Override
  public Status createPipe(CreatePipeReq req) {
    return pipeStatement(
        new PipeStatement.Create(
            req.getName(), req.getSink(), req.getStartTimeMs(), req.isSyncDeletions()));
  }

  @Override
  public Status startPipe(String name) {
    return pipeStatement(new PipeStatement.Start(name));
  }

  @Override
  public Status stopPipe(String name) {
    return pipeStatement(new PipeStatement.Stop(name));
  }

  @Override
  public Status dropPipe(String name) {
    return pipeStatement(new PipeStatement.Drop(name));
  }

  private Status pipeStatement(PipeStatement statement) {
    return lead(
        leader -> {
          leader.pipeStatement(statement);
          return success();
        },
        Function.identity());
  }

  @Override
  public PipesResp getPipes(String name) {
    return lead(
        leader -> {
          leader.awaitFirstRound();
          ClusterImage image = group.image();
          List<PipeView> pipes = new ArrayList<>();
          for (Pipe pipe : image.pipes().shownPipes()) {
            if (name.isEmpty() || pipe.name().equals(name)) {
              pipes.add(view(image, pipe, leader));
            }
          }
          if (pipes.isEmpty() && !name.isEmpty()) {
            throw new StatusException(StatusCode.PIPE_ERROR, "PIPE [" + name + "] does not exist");
          }
          return new PipesResp(success()).setPipes(pipes);
        },
        PipesResp::new);
  }

  private static PipeView view(ClusterImage image, Pipe pipe, LeaderDuties leader) {
    PipeReport report = leader.outlook().of(image, pipe);
    return new PipeView(Views.pipe(image, pipe), report.getHealth(), report.getCause());
  }

  @Override
  public PipeDetailsResp getPipeDetails(String name) {
    return lead(
        leader -> {
          leader.awaitFirstRound();
          ClusterImage image = group.image();
          for (Pipe pipe : image.pipes().shownPipes()) {
            if (pipe.name().equals(name)) {
              return new PipeDetailsResp(success())
                  .setPipe(Views.pipe(image, pipe))
                  .setDetails(leader.outlook().details(image, pipe));
            }
          }
          throw new StatusException(StatusCode.PIPE_ERROR, "PIPE [" + name + "] does not exist");
        },
        PipeDetailsResp::new);
  }

  @Override
  public Status createUser(UserInfo user) {
    return withUser(user, UserCommand.CreateUser::new);
  }

  @Override
  public Status setPassword(UserInfo user) {
    return withUser(user, UserCommand.SetPassword::new);
  }

  private Status withUser(UserInfo info, Function<User, Command> command) {
    User user;
    try {
      user = UserViews.user(info);
    } catch (IllegalArgumentException e) {
      return new Status(StatusCode.ILLEGAL_PARAMETER, e.getMessage());
    }
    return decide(command.apply(user));
  }

  @Override
  public Status dropUser(String name) {
    return decide(new UserCommand.DropUser(name));
  }

  @Override
  public Status loadOwnConfiguration() {
    try {
      return success().setTakeRestart(own.reload());
    } catch (StatusException e) {
      return new Status(e.code(), e.getMessage());
    }
  }

  @Override
  public VariablesResp runningSettings() {
    return new VariablesResp(success()).setVariables(own.running());
  }

  @Override
  public Status lead() {
    return lead(leader -> success(), Function.identity());
  }

  @Override
  public Status loadConfiguration() {
    return lead(
        leader -> {
          return success().setTakeRestart(leader.loadConfiguration());
        },
        Function.identity());
  }
}
