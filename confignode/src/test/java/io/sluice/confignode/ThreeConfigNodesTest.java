package io.sluice.confignode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three ConfigNodes in one JVM: joining, redirecting, losing and regaining members. */
class ThreeConfigNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One that is closed is soon Unknown. */
  private static final ConfigNodeOptions.Tuning STEADY = Tunings.STEADY.withHeartbeats(50, 5_000);

  @TempDir Path folder;
  private final List<ConfigNode> nodes = new ArrayList<>();

  private ConfigNode start(String name) throws Exception {
    ConfigNodeOptions options =
        ConfigNodeOptions.founder(folder.resolve(name), "edge").withTuning(STEADY);
    if (!nodes.isEmpty()) {
      options = options.withSeeds(List.of(nodes.get(0).internal()));
    }
    ConfigNode node = new ConfigNode(options, new SimpleMeterRegistry());
    nodes.add(node);
    node.start();
    return node;
  }

  private void startThree() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      start(name);
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nodes)
                    .allSatisfy(
                        n -> assertThat(n.image().nodes().configNodes().keySet()).hasSize(3)));
  }

  @AfterEach
  void stop() {
    nodes.forEach(ConfigNode::close);
  }

  private ConfigNode leader() {
    return await()
        .pollDelay(Duration.ZERO)
        .atMost(PATIENCE)
        .until(
            () -> nodes.stream().filter(n -> n.leaderNodeId().orElse(-1) == n.nodeId()).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private void awaitRunning(TestClient client, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              client.ask(leader().internal());
              ConfigNodeTest.assertRunning(client, count);
            });
  }

  private void register(TestClient client, FakeDataNode dataNode) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              client.ask(leader().internal());
              assertThat(client.register(dataNode, "edge").getStatus().getCode()).isEqualTo(200);
            });
  }

  private void succeeds(TestClient client, InternalClients.Call<ConfigNodeService.Client, Status> c)
      throws Exception {
    Status answer = client.atLeader(() -> leader().internal(), c);
    assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(200);
  }

  private void createPipe(TestClient client, String name) throws Exception {
    succeeds(client, c -> c.createPipe(new CreatePipeReq(name, "s", 0, false)));
  }

  private void createSink(TestClient client, String name) throws Exception {
    Status answer = client.createSink(name, () -> leader().internal());
    assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(200);
  }

  @Test
  void membersJoinAndFollowersPointToTheLeader() throws Exception {
    startThree();
    assertThat(nodes).extracting(ConfigNode::nodeId).containsExactly(0, 1, 2);
    ConfigNode leader = leader();
    ConfigNode follower = nodes.stream().filter(n -> n != leader).findFirst().orElseThrow();
    try (TestClient client = new TestClient(follower.internal());
        FakeDataNode one = new FakeDataNode()) {
      Status elsewhere = client.createSink("s");
      assertThat(elsewhere.getCode()).isEqualTo(1190);
      assertThat(elsewhere.getLeader().getPort()).isEqualTo(leader.internal().port());

      client.ask(leader.internal());
      assertThat(client.register(one, "edge").getNodeId()).isEqualTo(3);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                ClusterStateResp state = client.call(c -> c.getClusterState());
                assertThat(state.getConfigNodes())
                    .extracting(NodeState::getStatus)
                    .containsExactly(NodeStatus.RUNNING, NodeStatus.RUNNING, NodeStatus.RUNNING);
                assertThat(state.getConfigNodes())
                    .extracting(NodeState::getRole)
                    .containsOnlyOnce("Leader");
              });
    }
  }

  @Test
  void aNewLeaderKnowsEverythingAndTheOldOneCatchesUp() throws Exception {
    startThree();
    ConfigNode first = leader();
    try (TestClient client = new TestClient(first.internal());
        FakeDataNode one = new FakeDataNode()) {
      register(client, one);
      awaitRunning(client, 1);
      createSink(client, "s");
      createPipe(client, "p");

      first.close();
      nodes.remove(first);
      ConfigNode second = leader();
      client.ask(second.internal());
      awaitRunning(client, 1);
      assertThat(client.call(c -> c.getPipes("p")).getPipes()).hasSize(1);
      succeeds(client, c -> c.startPipe("p"));
      createSink(client, "t");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                List<NodeState> states = client.call(c -> c.getClusterState()).getConfigNodes();
                assertThat(states.get(first.nodeId()).getStatus()).isEqualTo(NodeStatus.UNKNOWN);
              });

      ConfigNode again =
          new ConfigNode(
              ConfigNodeOptions.founder(
                      folder.resolve(List.of("a", "b", "c").get(first.nodeId())), "edge")
                  .withTuning(STEADY),
              new SimpleMeterRegistry());
      nodes.add(again);
      again.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(again.image().pipes().sinks()).containsOnlyKeys("s", "t"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(second.image().nodes().configNodes().get(first.nodeId()).internal())
                      .isEqualTo(again.internal()));
    }
  }

  @Test
  void aMemberThatWasAwayForLongGetsASnapshot() throws Exception {
    startThree();
    ConfigNode leader = leader();
    ConfigNode away = nodes.stream().filter(n -> n != leader).findFirst().orElseThrow();
    away.close();
    nodes.remove(away);
    try (TestClient client = new TestClient(leader.internal())) {
      for (int i = 0; i < 400; i++) {
        createSink(client, "s" + i);
      }
      // Snapshots are taken, and the log is purged behind them, beside the answers.
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(firstLogFile(leader)).doesNotStartWith("log_0-"));
      ConfigNode again =
          new ConfigNode(
              ConfigNodeOptions.founder(
                      folder.resolve(List.of("a", "b", "c").get(away.nodeId())), "edge")
                  .withTuning(STEADY),
              new SimpleMeterRegistry());
      nodes.add(again);
      again.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(again.image().pipes().sinks()).hasSize(400));
      createSink(client, "one more");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(again.image()).isEqualTo(leader.image()));
    }
  }

  @Test
  void allThreeRestartTogether() throws Exception {
    startThree();
    try (TestClient client = new TestClient(leader().internal())) {
      createSink(client, "s");
    }
    nodes.forEach(ConfigNode::close);
    nodes.clear();
    List<Thread> starting = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      ConfigNode again =
          new ConfigNode(
              ConfigNodeOptions.founder(folder.resolve(name), "edge").withTuning(STEADY),
              new SimpleMeterRegistry());
      nodes.add(again);
      Thread thread = new Thread(() -> startQuietly(again));
      starting.add(thread);
      thread.start();
    }
    for (Thread thread : starting) {
      thread.join();
    }
    try (TestClient client = new TestClient(leader().internal())) {
      createSink(client, "t");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(nodes)
                      .allSatisfy(
                          n -> assertThat(n.image().pipes().sinks()).containsOnlyKeys("s", "t")));
      // Their Thrift services listen elsewhere now, and the cluster knows.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(nodes)
                      .allSatisfy(
                          n ->
                              assertThat(
                                      nodes
                                          .get(0)
                                          .image()
                                          .nodes()
                                          .configNodes()
                                          .get(n.nodeId())
                                          .internal())
                                  .isEqualTo(n.internal())));
    }
  }

  private static void startQuietly(ConfigNode node) {
    try {
      node.start();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String firstLogFile(ConfigNode node) throws java.io.IOException {
    Path log =
        folder
            .resolve(List.of("a", "b", "c").get(node.nodeId()))
            .resolve("raft/" + node.clusterId() + "/current");
    try (var files = java.nio.file.Files.list(log)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("log_\\d+-\\d+"))
          .min(java.util.Comparator.comparingLong(n -> Long.parseLong(n.split("[_-]")[1])))
          .orElse("no closed log file");
    }
  }

  @Test
  void aNewLeaderUndoesAStatementThatTheOldOneLeft() throws Exception {
    startThree();
    ConfigNode first = leader();
    try (TestClient client = new TestClient(first.internal());
        FakeDataNode one = new FakeDataNode();
        FakeDataNode two = new FakeDataNode()) {
      register(client, one);
      register(client, two);
      awaitRunning(client, 2);
      createSink(client, "s");
      createPipe(client, "q");

      two.hang = new CountDownLatch(1);
      Thread create =
          new Thread(
              () -> {
                try (TestClient other = new TestClient(first.internal())) {
                  other.createPipe("p", "s");
                } catch (org.apache.thrift.TException e) {
                  // The leader goes away meanwhile: that is the point.
                  assertThat(e).isNotNull();
                }
              });
      create.start();
      await().atMost(PATIENCE).until(() -> one.pipes().containsKey("p"));
      first.close();
      nodes.remove(first);
      CountDownLatch hanging = two.hang;
      two.hang = null;
      hanging.countDown();
      create.join();

      ConfigNode second = leader();
      client.ask(second.internal());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(second.image().pipes().procedures()).isEmpty();
                assertThat(one.pipes()).containsOnlyKeys("q");
                assertThat(two.pipes()).containsOnlyKeys("q");
              });
      awaitRunning(client, 2);
      createPipe(client, "p");
    }
  }
}
