package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes over loopback, each with a region of its own; what they look at is fake. */
class ScrubbedClusterTest {
  @TempDir Path folder;
  private ClusterOfFakes cluster;
  private ClusterOfFakes.Node here;
  private ClusterOfFakes.Node there;
  private ScrubbedCluster scrubs;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder, 2);
    here = cluster.nodes.get(0);
    there = cluster.nodes.get(1);
    here.clusterRegions.regionForWriting("root.a.d");
    here.clusterRegions.regionForWriting("root.b.d");
    here.catalog.refresh();
    scrubs =
        new ScrubbedCluster(
            here.id, here.catalog, here.regions, here.routes, MonotonicClock.SYSTEM);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private List<RegionInfo> regions() {
    return here.catalog.catalog().getRegions();
  }

  @Test
  void everyReplicaOfTheClusterIsLookedAt() throws Exception {
    List<ScrubbedCluster.Replica> replicas = scrubs.scrub(List.of(), false);
    assertThat(replicas).hasSize(regions().size());
    assertThat(replicas)
        .extracting(ScrubbedCluster.Replica::node)
        .contains(there.id)
        .isSubsetOf(here.id, there.id);
    assertThat(replicas)
        .allSatisfy(
            replica -> {
              assertThat(replica.whyNot()).isNull();
              assertThat(replica.report().files()).isEqualTo(3);
              assertThat(replica.report().bytes()).isEqualTo(300);
              assertThat(replica.report().damaged().get(0).what()).isEqualTo("rotten");
            });
  }

  @Test
  void oneRegionOrOneNodeAlone() throws Exception {
    RegionInfo one = regions().get(0);
    assertThat(scrubs.scrub(List.of(one.getId()), false))
        .extracting(replica -> replica.region().getUuid())
        .containsExactly(one.getUuid());
    assertThat(scrubs.scrub(List.of(), true)).allMatch(replica -> replica.node() == here.id);
    assertThatThrownBy(() -> scrubs.scrub(List.of(4_711), false))
        .isInstanceOf(StatusException.class)
        .hasMessage("Region 4711 does not exist");
  }

  @Test
  void aNodeThatIsDeadIsSaidSo() throws Exception {
    there.die();
    List<ScrubbedCluster.Replica> replicas = scrubs.scrub(List.of(), false);
    assertThat(replicas)
        .filteredOn(replica -> replica.node() == there.id)
        .isNotEmpty()
        .allSatisfy(
            replica -> {
              assertThat(replica.report()).isNull();
              assertThat(replica.whyNot()).contains("Connection refused on DataNode: {id=");
            });
  }
}
