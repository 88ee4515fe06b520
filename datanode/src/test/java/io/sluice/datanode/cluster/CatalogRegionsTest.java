package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.path.PathPattern;
import io.sluice.common.path.SeriesSlot;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogRegionsTest {
  @TempDir Path folder;
  private ClusterOfFakes cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder, 2);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private CatalogRegions regions(int node) {
    return cluster.nodes.get(node).clusterRegions;
  }

  @Test
  void aFirstWriteMakesTheDatabaseOfItsSecondNode() throws Exception {
    UUID region = regions(0).regionForWriting("root.vehicle.a.d0").id();

    assertThat(regions(0).catalog().getDatabases())
        .extracting(info -> info.getName())
        .containsExactly("root.vehicle");
    assertThat(regions(1).regionOf("root.vehicle.a.d0").id()).isEqualTo(region);
  }

  @Test
  void aDeviceGoesToTheRegionOfItsSlot() throws Exception {
    regions(0).regionForWriting("root.v.d0");
    List<UUID> all = regions(0).regions("root.v").stream().map(RegionAccess::id).toList();
    assertThat(all).hasSize(2);
    for (int i = 0; i < 50; i++) {
      String device = "root.v.d" + i;
      int slot = SeriesSlot.of(device, FakeConfigNode.SLOTS);
      assertThat(regions(0).regionOf(device).id()).isEqualTo(all.get(slot % 2));
    }
  }

  @Test
  void theDatabaseIsAPrefixOfNodesNotOfLetters() throws Exception {
    regions(0).regionForWriting("root.v.d0");
    assertThat(regions(0).regionForWriting("root.v").id())
        .isIn(regions(0).regions("root.v").stream().map(RegionAccess::id).toList());
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> regions(0).regionOf("root.vehicle.d0"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.DATABASE_NOT_EXIST));
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> regions(0).regionOf("root.`v.d`.d0"));
  }

  @Test
  void aPathOutsideRootIsRefused() {
    for (String device : List.of("root", "x.y.z", "root..d", "root.`a.b")) {
      assertThatExceptionOfType(StatusException.class)
          .isThrownBy(() -> regions(0).regionForWriting(device))
          .withMessage(device + " is not a legal path");
    }
    assertThat(cluster.configNode.databasesAsked).hasValue(0);
  }

  @Test
  void firstWritesThatRaceMakeOneDatabase() throws Exception {
    int threads = 16;
    CyclicBarrier together = new CyclicBarrier(threads);
    var executor = Executors.newFixedThreadPool(threads);
    try {
      Set<UUID> found = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        CatalogRegions mine = regions(i % 2);
        writers.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    together.await();
                    found.add(mine.regionForWriting("root.race.d0").id());
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                },
                executor));
      }
      writers.forEach(CompletableFuture::join);

      assertThat(found).hasSize(1);
      assertThat(cluster.configNode.catalogNow().getDatabases()).hasSize(1);
      assertThat(cluster.configNode.databasesAsked.get()).isBetween(1, 2);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void whatTheConfigNodeRefusesReachesTheWriter() {
    cluster.configNode.leads = false;
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> regions(0).regionForWriting("root.v.d0"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.INTERNAL_ERROR));
  }

  @Test
  void aHeartbeatOfANewerVersionBringsTheCatalog() throws Exception {
    regions(0).regionForWriting("root.v.d0");
    CatalogCache other = cluster.nodes.get(1).catalog;
    assertThat(other.catalog().getDatabases()).isEmpty();

    other.heard(other.catalog().getVersion());
    assertThat(other.catalog().getDatabases()).isEmpty();
    other.heard(regions(0).catalog().getVersion());

    Patience.await().untilAsserted(() -> assertThat(other.catalog().getDatabases()).hasSize(1));
  }

  @Test
  void theCatalogNeverGoesBack() throws Exception {
    CatalogCache cache = cluster.nodes.get(0).catalog;
    Catalog old = cache.catalog();
    regions(0).regionForWriting("root.v.d0");
    long newest = cache.catalog().getVersion();
    cluster.configNode.change(
        catalog -> {
          catalog.setVersion(old.getVersion() - 2);
          catalog.getDatabases().clear();
        });

    cache.refresh();

    assertThat(cache.catalog().getVersion()).isEqualTo(newest);
    assertThat(cache.catalog().getDatabases()).hasSize(1);
  }

  @Test
  void databasesThatAPatternCouldMatch() throws Exception {
    regions(0).regionForWriting("root.v.d0");
    regions(0).regionForWriting("root.w.d0");
    assertThat(regions(0).databasesOf(List.of(PathPattern.parse("root.**"))))
        .containsExactlyInAnyOrder("root.v", "root.w");
    assertThat(regions(0).databasesOf(List.of(PathPattern.parse("root.v.d0.s0"))))
        .containsExactly("root.v");
    assertThat(regions(0).databasesOf(List.of(PathPattern.parse("root.x.**")))).isEmpty();
  }
}
