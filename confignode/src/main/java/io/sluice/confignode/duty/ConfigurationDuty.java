package io.sluice.confignode.duty;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.RunningSettings;
import io.sluice.confignode.core.statement.NodeFailure;
import io.sluice.confignode.raft.MetadataGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LOAD CONFIGURATION and what SHOW VARIABLES asks of every node that is not Unknown, ConfigNodes
 * included: in parallel, each call bounded by its time-out. Thread-safe.
 */
public final class ConfigurationDuty implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationDuty.class);

  private final MetadataGroup group;
  private final int selfId;
  private final NodeHealth health;
  private final DataNodeCalls dataNodes;
  private final InternalClients<ConfigNodeService.Client> configNodes;
  private final Executor executor;

  ConfigurationDuty(
      MetadataGroup group,
      int selfId,
      NodeHealth health,
      DataNodeCalls dataNodes,
      int callTimeoutMs,
      Executor executor) {
    this.group = group;
    this.selfId = selfId;
    this.health = health;
    this.dataNodes = dataNodes;
    this.configNodes =
        new InternalClients<>(new ConfigNodeService.Client.Factory(), callTimeoutMs, callTimeoutMs);
    this.executor = executor;
  }

  private interface Ask<T> {
    T run() throws TException;
  }

  /** One node to ask, and as what it stands in messages. */
  private record Node(
      String kind, int id, Address internal, Ask<Status> load, Ask<VariablesResp> running) {
    String text(String cause) {
      return NodeFailure.text(kind, id, internal, cause);
    }

    String shortName() {
      return kind + " " + id;
    }
  }

  /** How one node took it. */
  private record Loaded(Optional<String> failure, List<String> takeRestart) {
    static Loaded not(String failure) {
      return new Loaded(Optional.of(failure), List.of());
    }

    static Loaded but(List<String> takeRestart) {
      return new Loaded(Optional.empty(), takeRestart);
    }
  }

  /**
   * Returns once every node has taken over its files.
   *
   * @return what takes a restart, one line each with its node
   * @throws StatusException naming each node that did not, and why; the others have
   */
  public List<String> load() throws StatusException {
    List<CompletableFuture<Loaded>> asked = new ArrayList<>();
    for (Node node : nodes()) {
      asked.add(CompletableFuture.supplyAsync(() -> loaded(node), executor));
    }
    List<Loaded> answers = asked.stream().map(CompletableFuture::join).toList();
    List<String> failures = answers.stream().flatMap(one -> one.failure().stream()).toList();
    if (!failures.isEmpty()) {
      throw new StatusException(
          StatusCode.EXECUTE_ERROR,
          "Fail to load configuration because " + String.join(", ", failures) + ".");
    }
    return answers.stream().flatMap(one -> one.takeRestart().stream()).toList();
  }

  private static Loaded loaded(Node node) {
    try {
      Status answer = node.load().run();
      if (answer.getCode() != StatusCode.SUCCESS) {
        return Loaded.not(node.text(answer.getMessage()));
      }
      return answer.isSetTakeRestart()
          ? Loaded.but(answer.getTakeRestart().stream().map(node::text).toList())
          : Loaded.but(List.of());
    } catch (TException e) {
      return Loaded.not(node.text(CallFailure.cause(e)));
    }
  }

  /** Rows of SHOW VARIABLES: parameters that are the cluster's, and where nodes differ. */
  public Map<String, String> running() {
    List<CompletableFuture<RunningSettings.OfNode>> asked = new ArrayList<>();
    for (Node node : nodes()) {
      asked.add(CompletableFuture.supplyAsync(() -> settings(node), executor));
    }
    return RunningSettings.rows(
        asked.stream().map(CompletableFuture::join).collect(Collectors.toList()));
  }

  private static RunningSettings.OfNode settings(Node node) {
    try {
      VariablesResp answer = node.running().run();
      if (answer.getStatus().getCode() == StatusCode.SUCCESS) {
        return new RunningSettings.OfNode(node.shortName(), Optional.of(answer.getVariables()));
      }
    } catch (TException e) {
      LOG.warn("{} does not say what it runs with: {}", node.shortName(), CallFailure.cause(e));
    }
    return new RunningSettings.OfNode(node.shortName(), Optional.empty());
  }

  private List<Node> nodes() {
    ClusterImage image = group.image();
    List<Node> nodes = new ArrayList<>();
    Map<Integer, Long> silenceMs = silenceMs();
    for (ConfigNodeMember member : image.nodes().configNodes().values()) {
      boolean heard =
          member.id() == selfId
              || health.recent(silenceMs.getOrDefault(member.id(), Long.MAX_VALUE));
      if (heard) {
        Endpoint at = new Endpoint(member.internal().host(), member.internal().port());
        nodes.add(
            new Node(
                "ConfigNode",
                member.id(),
                member.internal(),
                () -> configNodes.callFresh(at, client -> client.loadOwnConfiguration()),
                () -> configNodes.callFresh(at, client -> client.runningSettings())));
      }
    }
    for (int id : health.up(image.nodes().dataNodes().keySet())) {
      DataNodeMember member = image.nodes().dataNodes().get(id);
      nodes.add(
          new Node(
              "DataNode",
              id,
              member.internal(),
              () -> dataNodes.operate(member, DataNodeService.Client::loadConfiguration),
              () -> dataNodes.operate(member, DataNodeService.Client::runningSettings)));
    }
    return nodes;
  }

  private Map<Integer, Long> silenceMs() {
    try {
      return group.followerSilenceMs();
    } catch (IOException e) {
      LOG.warn("the other ConfigNodes are left out", e);
      return Map.of();
    }
  }

  @Override
  public void close() {
    configNodes.close();
  }
}
