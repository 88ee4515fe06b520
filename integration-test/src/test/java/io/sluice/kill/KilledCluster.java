package io.sluice.kill;

import static org.awaitility.Awaitility.await;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeView;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.datanode.pipe.core.KnownPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.thrift.TException;

/** Three ConfigNode processes and two DataNodes of this process. */
final class KilledCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int NOT_LEADER = 1190;

  final List<ConfigProcess> processes = new ArrayList<>();
  final TableNode one = new TableNode();
  final TableNode two = new TableNode();

  KilledCluster(QuickStart quick, Path folder) throws Exception {
    Files.createDirectories(folder);
    ConfigProcess founder = new ConfigProcess(quick, folder.resolve("a"), List.of());
    processes.add(founder);
    founder.start(List.of());
    List<String> seeds = List.of(Integer.toString(founder.awaitUp()));
    for (String name : List.of("b", "c")) {
      ConfigProcess joining = new ConfigProcess(quick, folder.resolve(name), seeds);
      processes.add(joining);
      joining.start(List.of());
      joining.awaitUp();
    }
    register(one);
    register(two);
    awaitAllUp();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                code(
                        onLeader(
                            c ->
                                c.createPipeSink(
                                    new CreatePipeSinkReq("s", "IoTDB", "127.0.0.1", 1))))
                    == 200);
  }

  private void register(TableNode node) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              RegisterDataNodeResp answer =
                  onLeaderAny(
                          c -> c.registerDataNode(new RegisterDataNodeReq("edge", node.location())),
                          RegisterDataNodeResp::getStatus)
                      .orElse(null);
              if (answer == null || answer.getStatus().getCode() != 200) {
                return false;
              }
              node.id = answer.getNodeId();
              return true;
            });
  }

  /** Returns at once. */
  void startThoseDown(List<Step> armed) {
    processes.stream()
        .filter(process -> !process.isAlive())
        .forEach(process -> process.start(armed));
  }

  /** Those down are started; none halts at a step any more. */
  void disarm() throws Exception {
    startThoseDown(List.of());
    // Those up first, which need not be waited for: they may reach a step meanwhile.
    for (ConfigProcess process :
        processes.stream().sorted(Comparator.comparing(ConfigProcess::isUp).reversed()).toList()) {
      process.disarm();
    }
  }

  /** All processes run and the leader hears both DataNodes. */
  void awaitAllUp() throws Exception {
    startThoseDown(List.of());
    for (ConfigProcess process : processes) {
      process.awaitUp();
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                onLeaderAny(c -> c.getClusterState(), answer -> answer.getStatus())
                    .filter(
                        state ->
                            running(state.getDataNodes()) == 2
                                && running(state.getConfigNodes()) == 3)
                    .isPresent());
  }

  private static long running(List<NodeState> nodes) {
    return nodes == null
        ? 0
        : nodes.stream().filter(node -> node.getStatus() == NodeStatus.RUNNING).count();
  }

  private static int code(Optional<Status> status) {
    return status.map(Status::getCode).orElse(-1);
  }

  /** The leader's answer; empty when nobody led, or it went away before it answered. */
  Optional<Status> onLeader(InternalClients.Call<ConfigNodeService.Client, Status> call) {
    return onLeaderAny(call, status -> status);
  }

  private interface StatusOf<T> {
    Status of(T answer);
  }

  private <T> Optional<T> onLeaderAny(
      InternalClients.Call<ConfigNodeService.Client, T> call, StatusOf<T> status) {
    for (ConfigProcess process : processes) {
      if (process.isUp()) {
        try {
          T answer = process.call(call);
          if (status.of(answer).getCode() != NOT_LEADER) {
            return Optional.of(answer);
          }
        } catch (TException e) {
          // Dying: whether it did what it was asked is not known.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  Optional<Status> run(Operation operation, String pipe) {
    return onLeader(
        client ->
            switch (operation) {
              case CREATE -> client.createPipe(new CreatePipeReq(pipe, "s", 0, false));
              case START -> client.startPipe(pipe);
              case STOP -> client.stopPipe(pipe);
              case DROP -> client.dropPipe(pipe);
            });
  }

  /** The same until it has happened, for preparing: an answer may be lost, and a leader go. */
  void runSurely(Operation operation, String pipe) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                code(run(operation, pipe)) == 200
                    || shown()
                        .filter(
                            pipes -> Optional.ofNullable(pipes.get(pipe)).equals(after(operation)))
                        .isPresent());
  }

  static Optional<KnownPipe.State> after(Operation operation) {
    return switch (operation) {
      case CREATE, STOP -> Optional.of(KnownPipe.State.STOPPED);
      case START -> Optional.of(KnownPipe.State.RUNNING);
      case DROP -> Optional.empty();
    };
  }

  /** SHOW PIPES of the leader. */
  Optional<Map<String, KnownPipe.State>> shown() {
    return onLeaderAny(c -> c.getPipes(""), PipesResp::getStatus)
        .filter(answer -> answer.getStatus().getCode() == 200)
        .map(
            answer -> {
              Map<String, KnownPipe.State> pipes = new TreeMap<>();
              for (PipeView view : answer.getPipes()) {
                pipes.put(
                    view.getPipe().getName(),
                    switch (view.getPipe().getStatus()) {
                      case RUNNING -> KnownPipe.State.RUNNING;
                      case STOP -> KnownPipe.State.STOPPED;
                      case DROP -> KnownPipe.State.DROPPED;
                    });
              }
              return pipes;
            });
  }

  /**
   * No procedure is left, and both DataNodes know what SHOW PIPES says, at the same version.
   *
   * @return what it says
   */
  Map<String, KnownPipe.State> awaitEqualEverywhere() {
    List<Map<String, KnownPipe.State>> agreed = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        // One that is asked may halt meanwhile.
        .ignoreExceptions()
        .until(
            () -> {
              startThoseDown(List.of());
              Optional<Map<String, KnownPipe.State>> shown = shown();
              String image = one.version() + " []";
              boolean equal =
                  shown.isPresent()
                      && one.pipes().equals(shown.get())
                      && two.pipes().equals(shown.get())
                      && two.version() == one.version()
                      && processes.stream()
                          .filter(ConfigProcess::isUp)
                          .allMatch(process -> process.image().equals(image));
              shown.filter(pipes -> equal).ifPresent(agreed::add);
              return equal;
            });
    return agreed.get(0);
  }

  @Override
  public void close() {
    processes.forEach(ConfigProcess::close);
    one.close();
    two.close();
  }
}
