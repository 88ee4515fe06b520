package io.sluice.confignode;

import static io.sluice.confignode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.Region;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DROP DATABASE while there are pipes, over a DataNode that is a fake behind real Thrift. */
class DroppedDatabaseTest {
  @TempDir Path folder;
  private ConfigNode node;
  private TestClient client;
  private FakeDataNode one;

  @BeforeEach
  void start() throws Exception {
    open();
    one = new FakeDataNode();
    client.register(one, "edge");
    ConfigNodeTest.awaitRunning(client, 1);
    ok(client.createSink("demo"));
    ok(client.createPipe("p", "demo"));
    ok(client.call(c -> c.createDatabase(new CreateDatabaseReq("root.a", false))));
  }

  private void open() throws Exception {
    var tuning =
        new ConfigNodeOptions.Tuning(50, 60_000, 10_000, 10_000, 300, 600, 30_000, 1_000, 1 << 20);
    node =
        new ConfigNode(
            ConfigNodeOptions.founder(folder.resolve("cn"), "edge").withTuning(tuning),
            new SimpleMeterRegistry());
    node.start();
    client = new TestClient(node.internal());
  }

  @AfterEach
  void stop() {
    one.close();
    client.close();
    node.close();
  }

  private static void ok(Status status) {
    assertThat(status.getCode()).as(status.getMessage()).isEqualTo(200);
  }

  private void drop() throws Exception {
    ok(client.call(c -> c.deleteDatabases(List.of("root.a"))));
  }

  private List<PipeDetail> details() throws Exception {
    return client.call(c -> c.getPipeDetails("p")).getDetails();
  }

  /** Bug put back and seen: the regions are removed as if there were no pipe. */
  @Test
  void aDroppedDatabaseIsHiddenAtOnceAndItsRegionKeptForThePipe() throws Exception {
    String region = one.regions.iterator().next();
    drop();
    await().untilAsserted(() -> assertThat(one.told).contains("part " + region));
    assertThat(client.call(c -> c.getCatalog(-1)).getCatalog().getDatabases()).isEmpty();
    assertThat(client.call(c -> c.getCatalog(-1)).getCatalog().getRegions()).isEmpty();
    assertThat(client.call(c -> c.getClusterState()).getReplicas()).isEmpty();
    assertThat(one.regions).containsExactly(region);
    assertThat(details())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getDatabase()).isEqualTo("root.a");
              assertThat(row.isDropped()).isTrue();
              assertThat(row.getMessage()).startsWith("its database was dropped");
            });
    ok(client.call(c -> c.createDatabase(new CreateDatabaseReq("root.a", false))));
    assertThat(one.regions).hasSize(2);
    ok(client.call(c -> c.startPipe("p")));
    assertThat(details())
        .extracting(PipeDetail::getMessage)
        .anyMatch(text -> text.equals("it waits until region 0 of the dropped root.a is sent"));

    one.passed = List.of(1L);
    await().untilAsserted(() -> assertThat(one.regions).hasSize(1).doesNotContain(region));
    await().untilAsserted(() -> assertThat(node.image().databases().regions()).hasSize(1));
    assertThat(node.image().databases().partings()).isEmpty();
  }

  @Test
  void aConfigNodeThatRestartsGoesOnWaitingAndANodeThatIsAwayIsAskedLater() throws Exception {
    one.kill();
    drop();
    client.close();
    node.close();
    open();
    await().until(() -> client.call(c -> c.getCatalog(-1)).isSetCatalog());
    assertThat(client.call(c -> c.getCatalog(-1)).getCatalog().getDatabases()).isEmpty();
    assertThat(node.image().databases().regions().get(0).phase()).isEqualTo(Region.Phase.PARTING);
    one.passed = List.of(1L);
    one.comeBack();
    await().untilAsserted(() -> assertThat(one.regions).isEmpty());
    assertThat(one.told).anyMatch(text -> text.startsWith("part "));
    await().untilAsserted(() -> assertThat(node.image().databases().regions()).isEmpty());
  }

  @Test
  void droppingThePipeLetsTheRegionGo() throws Exception {
    drop();
    assertThat(one.regions).hasSize(1);
    ok(client.call(c -> c.dropPipe("p")));
    await().untilAsserted(() -> assertThat(one.regions).isEmpty());
  }
}
