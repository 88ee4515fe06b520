package io.sluice.confignode;

import static io.sluice.confignode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.rpc.ClusterStateResp;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.ReplicaStatus;
import io.sluice.common.rpc.ReplicaView;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.Region;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that move and DataNodes that leave: one real ConfigNode, fakes behind real Thrift. */
class MembershipTest {
  @TempDir Path folder;
  private final FakeRegions groups = new FakeRegions();
  private final List<FakeDataNode> fakes = new ArrayList<>();
  private ConfigNode node;
  private TestClient client;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    startConfigNode(Tunings.QUICK.unknownAfterMs());
  }

  private void startConfigNode(long unknownAfterMs) throws IOException, InterruptedException {
    node =
        new ConfigNode(
            ConfigNodeOptions.founder(folder.resolve("cn"), "edge")
                .withTuning(Tunings.QUICK.withHeartbeats(50, unknownAfterMs)),
            new SimpleMeterRegistry());
    node.start();
    client = new TestClient(node.internal());
  }

  private void restartConfigNode(long unknownAfterMs) throws IOException, InterruptedException {
    client.close();
    node.close();
    startConfigNode(unknownAfterMs);
  }

  @AfterEach
  void stop() {
    client.close();
    node.close();
    fakes.forEach(FakeDataNode::close);
  }

  private void dataNodes(int count) throws IOException, TException {
    for (int i = 0; i < count; i++) {
      FakeDataNode fake = new FakeDataNode(groups);
      fakes.add(fake);
      assertThat(client.register(fake, "edge").getStatus().getCode()).isEqualTo(200);
    }
    ConfigNodeTest.awaitRunning(client, fakes.size());
  }

  private List<RegionInfo> database(String name, int factor) throws TException {
    Status status =
        client.call(
            c ->
                c.createDatabase(
                    new CreateDatabaseReq(name, false).setDataReplicationFactor(factor)));
    assertThat(status.getCode()).as(status.getMessage()).isEqualTo(200);
    return client.call(c -> c.getCatalog(-1)).getCatalog().getRegions();
  }

  private ClusterStateResp state() throws TException {
    return client.call(c -> c.getClusterState());
  }

  private void awaitRest() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(node.image().databases().changes()).isEmpty();
              assertThat(node.image().databases().stale()).isEmpty();
              for (Region region : node.image().databases().liveRegions()) {
                String uuid = region.uuid().toString();
                assertThat(groups.members(uuid).keySet())
                    .containsExactlyInAnyOrderElementsOf(region.replicas());
                assertThat(groups.made(uuid)).isEqualTo(groups.members(uuid).keySet());
                assertThat(groups.leader(uuid)).isEqualTo(region.replicas().get(0));
              }
            });
  }

  @Test
  void replicasAreMadeOnEachNodeAndShownWithTheirLeader() throws Exception {
    dataNodes(3);
    List<RegionInfo> regions = database("root.a", 3);
    assertThat(regions).hasSize(3).allSatisfy(r -> assertThat(r.getReplicas()).hasSize(3));
    assertThat(regions).extracting(r -> r.getReplicas().get(0)).containsExactly(1, 2, 3);
    await()
        .untilAsserted(
            () -> {
              List<ReplicaView> views = state().getReplicas();
              assertThat(views).hasSize(9);
              assertThat(views)
                  .extracting(ReplicaView::getStatus)
                  .containsOnly(ReplicaStatus.RUNNING);
              assertThat(views.stream().filter(ReplicaView::isLeads)).hasSize(3);
            });
  }

  @Test
  void twoReplicasAreMadeWithAWarning() throws Exception {
    dataNodes(2);
    Status status =
        client.call(
            c ->
                c.createDatabase(
                    new CreateDatabaseReq("root.a", false).setDataReplicationFactor(2)));
    assertThat(status.getCode()).isEqualTo(200);
    assertThat(status.getMessage()).startsWith("data_replication_factor 2 survives no loss");
  }

  @Test
  void aRegionIsExtendedMigratedAndShrunk() throws Exception {
    dataNodes(3);
    RegionInfo region = database("root.a", 1).get(0);
    assertThat(client.call(c -> c.extendRegion(region.getId(), 2)).getCode()).isEqualTo(200);
    awaitRest();
    assertThat(groups.members(region.getUuid())).containsOnlyKeys(1, 2);
    assertThat(client.call(c -> c.migrateRegion(region.getId(), 1, 3)).getCode()).isEqualTo(200);
    awaitRest();
    assertThat(groups.members(region.getUuid())).containsOnlyKeys(2, 3);
    assertThat(fakes.get(0).regions).doesNotContain(region.getUuid());
    assertThat(client.call(c -> c.removeRegionReplica(region.getId(), 2)).getCode()).isEqualTo(200);
    awaitRest();
    assertThat(groups.members(region.getUuid())).containsOnlyKeys(3);
  }

  @Test
  void aChangeIsSeenAndGoesOnUnderTheNextLeader() throws Exception {
    dataNodes(3);
    RegionInfo region = database("root.a", 1).get(0);
    fakes.get(2).refusal = new Status(301, "not now");
    assertThat(client.call(c -> c.migrateRegion(region.getId(), 1, 3)).getCode()).isEqualTo(200);
    assertThat(state().getReplicas())
        .filteredOn(view -> view.getRegion() == region.getId())
        .extracting(ReplicaView::getNode, ReplicaView::getStatus)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, ReplicaStatus.REMOVING),
            org.assertj.core.groups.Tuple.tuple(3, ReplicaStatus.ADDING));
    Status again = client.call(c -> c.extendRegion(region.getId(), 2));
    assertThat(again.getMessage()).startsWith("region 0 is being changed (MIGRATE REGION 0");
    restartConfigNode(Tunings.QUICK.unknownAfterMs());
    fakes.get(2).refusal = null;
    awaitRest();
    assertThat(groups.members(region.getUuid())).containsOnlyKeys(3);
  }

  @Test
  void aRemovedDataNodeIsEmptiedAndForgotten() throws Exception {
    dataNodes(4);
    database("root.a", 3);
    assertThat(client.call(c -> c.removeDataNode(1)).getCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(node.image().nodes().dataNodes()).doesNotContainKey(1));
    awaitRest();
    assertThat(fakes.get(0).regions).isEmpty();
    assertThat(node.image().databases().liveRegions())
        .allSatisfy(region -> assertThat(region.replicas()).hasSize(3).doesNotContain(1));
    assertThat(client.register(fakes.get(0), "edge").getStatus().getMessage())
        .startsWith("DataNode 1 was removed from this cluster");
  }

  @Test
  void aDeadDataNodeCanBeRemovedWhenItsRegionsLiveElsewhere() throws Exception {
    dataNodes(4);
    database("root.a", 3);
    restartConfigNode(5_000);
    fakes.get(0).kill();
    await()
        .untilAsserted(
            () ->
                assertThat(state().getDataNodes().get(0).getStatus())
                    .isEqualTo(NodeStatus.UNKNOWN));
    ConfigNodeTest.awaitRunning(client, 3);
    assertThat(client.call(c -> c.removeDataNode(1)).getCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(node.image().nodes().dataNodes()).doesNotContainKey(1));
    assertThat(node.image().databases().liveRegions())
        .allSatisfy(
            region ->
                assertThat(groups.members(region.uuid().toString()))
                    .hasSize(3)
                    .doesNotContainKey(1));
  }

  @Test
  void aDataNodeThatListensElsewhereIsFollowedByItsGroups() throws Exception {
    dataNodes(3);
    RegionInfo region = database("root.a", 3).get(0);
    FakeDataNode before = fakes.remove(0);
    before.kill();
    FakeDataNode moved = new FakeDataNode(groups);
    fakes.add(0, moved);
    moved.id = 1;
    moved.processId = 2;
    assertThat(client.register(moved, "edge").getStatus().getCode()).isEqualTo(200);
    await()
        .untilAsserted(
            () ->
                assertThat(groups.members(region.getUuid()).get(1).getRaft().getPort())
                    .isEqualTo(moved.port()));
    before.close();
  }

  @Test
  void leadsGoBackToThePreferredReplica() throws Exception {
    dataNodes(3);
    List<RegionInfo> regions = database("root.a", 3);
    regions.forEach(region -> groups.lead(region.getUuid(), 3));
    awaitRest();
    assertThat(regions).extracting(r -> groups.leader(r.getUuid())).containsExactly(1, 2, 3);
  }

  @Test
  void aCopyOfALivingDataNodesFolderIsRefusedUntilTheOriginalIsGone() throws Exception {
    dataNodes(2);
    FakeDataNode original = fakes.get(0);
    FakeDataNode copy = new FakeDataNode(groups);
    fakes.add(copy);
    copy.id = 1;
    copy.processId = 2;
    Status refused = client.register(copy, "edge").getStatus();
    assertThat(refused.getCode()).isEqualTo(303);
    assertThat(refused.getMessage())
        .isEqualTo(
            "DataNode 1 runs at 127.0.0.1:"
                + original.port()
                + ", the process at 127.0.0.1:"
                + copy.port()
                + " was started with a copy of its folder: stop one of them. A new node needs an"
                + " empty folder");
    assertThat(client.register(original, "edge").getStatus().getCode()).isEqualTo(200);

    original.kill();
    assertThat(client.register(copy, "edge").getStatus().getCode()).isEqualTo(200);
    original.comeBack();
    assertThat(client.register(original, "edge").getStatus().getMessage())
        .startsWith("DataNode 1 runs at 127.0.0.1:" + copy.port());
  }
}
