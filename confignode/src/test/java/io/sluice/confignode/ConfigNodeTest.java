package io.sluice.confignode;

import static io.sluice.confignode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.ClusterImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.thrift.TException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One ConfigNode with real Ratis and real Thrift, DataNodes that are fakes behind real Thrift. */
class ConfigNodeTest {
  @TempDir Path folder;

  private ConfigNode started(ConfigNodeOptions options) throws IOException, InterruptedException {
    return started(options, Tunings.QUICK);
  }

  private static ConfigNode started(ConfigNodeOptions options, ConfigNodeOptions.Tuning tuning)
      throws IOException, InterruptedException {
    ConfigNode node = new ConfigNode(options.withTuning(tuning), new SimpleMeterRegistry());
    node.start();
    return node;
  }

  private ConfigNodeOptions founder() {
    return ConfigNodeOptions.founder(folder.resolve("cn"), "edge");
  }

  @Test
  void registersNodesCountingIdsOverBothKinds() throws Exception {
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal());
        FakeDataNode one = new FakeDataNode();
        FakeDataNode two = new FakeDataNode()) {
      RegisterDataNodeResp first = client.register(one, "edge");
      assertThat(first.getStatus().getCode()).isEqualTo(200);
      assertThat(first.getClusterId()).isEqualTo(node.clusterId().toString());
      assertThat(one.id).isEqualTo(1);
      client.register(two, "edge");
      assertThat(two.id).isEqualTo(2);

      await()
          .untilAsserted(
              () -> {
                ClusterStateResp state = client.call(c -> c.getClusterState());
                assertThat(state.getDataNodes())
                    .extracting("status")
                    .containsOnly(NodeStatus.RUNNING);
                assertThat(state.getConfigNodes()).hasSize(1);
                assertThat(state.getConfigNodes().get(0).getRole()).isEqualTo("Leader");
                assertThat(state.getConfigNodes().get(0).getStatus()).isEqualTo(NodeStatus.RUNNING);
              });
    }
  }

  @Test
  void refusesNodesOfOtherClusters() throws Exception {
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal());
        FakeDataNode one = new FakeDataNode()) {
      Status wrongName = client.register(one, "cloud").getStatus();
      assertThat(wrongName.getCode()).isEqualTo(303);
      assertThat(wrongName.getMessage()).contains("cluster_name is cloud").contains("edge");

      String other = UUID.randomUUID().toString();
      Status wrongId =
          client
              .call(
                  c ->
                      c.registerDataNode(
                          new RegisterDataNodeReq("edge", one.location()).setClusterId(other)))
              .getStatus();
      assertThat(wrongId.getMessage()).contains("belongs to cluster " + other);
    }
  }

  @Test
  void createsAndDeletesDatabasesWithTheirRegions() throws Exception {
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal());
        FakeDataNode one = new FakeDataNode();
        FakeDataNode two = new FakeDataNode()) {
      client.register(one, "edge");
      client.register(two, "edge");
      awaitRunning(client, 2);

      assertThat(createDatabase(client, "root.vehicle").getCode()).isEqualTo(200);
      Catalog catalog = client.call(c -> c.getCatalog(-1)).getCatalog();
      assertThat(catalog.getRegions())
          .extracting("replicas")
          .containsExactly(List.of(1), List.of(2));
      assertThat(one.regions).containsExactly(catalog.getRegions().get(0).getUuid());
      assertThat(two.regions).containsExactly(catalog.getRegions().get(1).getUuid());
      assertThat(client.call(c -> c.getCatalog(catalog.getVersion())).isSetCatalog()).isFalse();

      Status again = createDatabase(client, "root.vehicle");
      assertThat(again.getCode()).isEqualTo(501);
      assertThat(again.getMessage()).isEqualTo("root.vehicle has already been created as database");

      assertThat(client.call(c -> c.deleteDatabases(List.of("root.vehicle"))).getCode())
          .isEqualTo(200);
      assertThat(one.regions).isEmpty();
      assertThat(node.image().databases().regions()).isEmpty();
      assertThat(client.call(c -> c.deleteDatabases(List.of("root.nosuch"))).getMessage())
          .isEqualTo("Path [root.nosuch] does not exist");
    }
  }

  @Test
  void regionsOfASlowNodeAreMadeAndRemovedInTheBackground() throws Exception {
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal());
        FakeDataNode one = new FakeDataNode()) {
      client.register(one, "edge");
      awaitRunning(client, 1);
      one.kill();
      assertThat(createDatabase(client, "root.a").getCode()).isEqualTo(200);
      assertThat(client.call(c -> c.getCatalog(-1)).getCatalog().getRegions()).hasSize(1);
      one.comeBack();
      await().untilAsserted(() -> assertThat(one.regions).hasSize(1));
      await()
          .untilAsserted(() -> assertThat(node.image().databases().unfinishedRegions()).isEmpty());

      one.kill();
      assertThat(client.call(c -> c.deleteDatabases(List.of("root.a"))).getCode()).isEqualTo(200);
      assertThat(client.call(c -> c.getCatalog(-1)).getCatalog().getRegions()).isEmpty();
      assertThat(node.image().databases().regions()).hasSize(1);
      one.comeBack();
      await().untilAsserted(() -> assertThat(one.regions).isEmpty());
      await().untilAsserted(() -> assertThat(node.image().databases().regions()).isEmpty());
    }
  }

  @Test
  void aSilentNodeIsUnknownOnlyAfterTheLimitAndRunningWhenItAnswersAgain() throws Exception {
    ConfigNodeOptions.Tuning tuning = Tunings.QUICK.withHeartbeats(50, 3_000);
    try (ConfigNode node = started(founder(), tuning);
        TestClient client = new TestClient(node.internal());
        FakeDataNode one = new FakeDataNode()) {
      client.register(one, "edge");
      awaitRunning(client, 1);
      long killedMs = System.nanoTime() / 1_000_000;
      one.kill();
      await()
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(statusOf(client)).isEqualTo(NodeStatus.UNKNOWN));
      // The last answer was a heartbeat before, on a busy machine some more.
      assertThat(System.nanoTime() / 1_000_000 - killedMs)
          .isGreaterThan(tuning.unknownAfterMs() / 2);
      one.comeBack();
      await().untilAsserted(() -> assertThat(statusOf(client)).isEqualTo(NodeStatus.RUNNING));
      one.readOnly = true;
      await().untilAsserted(() -> assertThat(statusOf(client)).isEqualTo(NodeStatus.READ_ONLY));
    }
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    UUID clusterId;
    ClusterImage before;
    try (FakeDataNode one = new FakeDataNode()) {
      try (ConfigNode node = started(founder());
          TestClient client = new TestClient(node.internal())) {
        clusterId = node.clusterId();
        client.register(one, "edge");
        awaitRunning(client, 1);
        for (int i = 0; i < 40; i++) {
          createDatabase(client, "root.d" + i);
        }
        await()
            .untilAsserted(
                () -> assertThat(node.image().databases().unfinishedRegions()).isEmpty());
        before = node.image();
      }
      try (ConfigNode node = started(founder());
          TestClient client = new TestClient(node.internal())) {
        assertThat(node.clusterId()).isEqualTo(clusterId);
        assertThat(node.image().databases()).isEqualTo(before.databases());
        assertThat(node.image().nodes().dataNodes()).isEqualTo(before.nodes().dataNodes());
        awaitRunning(client, 1);
        assertThat(client.register(one, "edge").getNodeId()).isEqualTo(1);
        assertThat(createDatabase(client, "root.more").getCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aFolderInUseOrOfAnotherClusterIsRefusedInOneLine() throws Exception {
    try (ConfigNode node = started(founder())) {
      assertThat(node.nodeId()).isZero();
      assertThatThrownBy(() -> started(founder())).hasMessageContaining("used by another process");
    }
    assertThatThrownBy(() -> started(ConfigNodeOptions.founder(folder.resolve("cn"), "other")))
        .hasMessageContaining("belongs to cluster edge, but cluster_name is other");
    Path identity = folder.resolve("cn/identity");
    Files.writeString(identity, Files.readString(identity).replace("node_id=0", "node_id=1"));
    assertThatThrownBy(() -> started(founder())).hasMessageContaining("identity is damaged");
  }

  @Test
  void aDamagedLogIsRefusedInOneLine() throws Exception {
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal())) {
      assertThat(client.createSink("s").getCode()).isEqualTo(200);
    }
    Path log;
    try (Stream<Path> files = Files.walk(folder.resolve("cn"))) {
      log =
          files
              .filter(file -> file.getFileName().toString().startsWith("log_"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(log);
    // Past the header, in the first entry: a later one may be taken for a torn tail.
    bytes[20] ^= 0x55;
    Files.write(log, bytes);
    assertThatThrownBy(() -> started(founder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Raft log in " + folder.resolve("cn"))
        .hasMessageContaining("from a backup");
  }

  @Test
  void aRestartedNodeMayHaveAnotherRaftPort() throws Exception {
    int port;
    try (ConfigNode node = started(founder());
        TestClient client = new TestClient(node.internal())) {
      assertThat(client.createSink("s").getCode()).isEqualTo(200);
    }
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ConfigNodeOptions moved =
        new ConfigNodeOptions(
            folder.resolve("cn"),
            "edge",
            "127.0.0.1",
            0,
            port,
            List.of(),
            10_000,
            1,
            0.05,
            Tunings.QUICK);
    try (ConfigNode node = started(moved);
        TestClient client = new TestClient(node.internal())) {
      await()
          .untilAsserted(
              () ->
                  assertThat(node.image().nodes().configNodes().get(0).raft().port())
                      .isEqualTo(port));
      assertThat(client.createSink("t").getCode()).isEqualTo(200);
    }
    try (ConfigNode node = started(founder())) {
      assertThat(node.image().pipes().sinks()).containsOnlyKeys("s", "t");
    }
  }

  static Status createDatabase(TestClient client, String name) throws TException {
    return client.call(c -> c.createDatabase(new CreateDatabaseReq(name, false)));
  }

  static void awaitRunning(TestClient client, int count) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertRunning(client, count));
  }

  static void assertRunning(TestClient client, int count) throws TException {
    ClusterStateResp state = client.call(c -> c.getClusterState());
    assertThat(state.getStatus().getCode()).isEqualTo(200);
    assertThat(state.getDataNodes())
        .filteredOn(n -> n.getStatus() == NodeStatus.RUNNING)
        .hasSize(count);
  }

  private static NodeStatus statusOf(TestClient client) throws TException {
    return client.call(c -> c.getClusterState()).getDataNodes().get(0).getStatus();
  }
}
