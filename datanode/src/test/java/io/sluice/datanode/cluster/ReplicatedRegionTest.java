package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.host.RegionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real regions of three replicas behind the routes of every node. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplicatedRegionTest {
  private static final String DEVICE = "root.v.d0";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private ClusterOfRegions cluster;
  private UUID region;
  private final Map<String, String> written = new TreeMap<>();
  private long nextTime;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfRegions(folder, 3, RegionOptions.DEFAULT);
    region = cluster.createRegion(cluster.nodes);
    Awaitility.await().atMost(LONG).until(() -> cluster.led(region));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void write(ClusterOfRegions.Node through, int rows) {
    for (int i = 0; i < rows; i++) {
      long time = nextTime++;
      ApplyResult result =
          through.routes.to(region).propose(Writes.row(DEVICE, "s0", time, time * 7)).join();
      assertThat(result).isInstanceOf(ApplyResult.Applied.class);
      written.put(DEVICE + ".s0 " + time, String.valueOf(time * 7));
    }
  }

  private void everyNodeReadsWhatWasWritten() throws Exception {
    for (ClusterOfRegions.Node node : cluster.nodes) {
      if (node.alive) {
        assertThat(node.points(region)).isEqualTo(written);
      }
    }
  }

  @Test
  void writesGoOnThroughAnyNodeWhenTheLeaderDies() throws Exception {
    cluster.nodes.forEach(node -> write(node, 10));
    everyNodeReadsWhatWasWritten();

    ClusterOfRegions.Node leader = cluster.leader(region);
    leader.die();
    List<ClusterOfRegions.Node> others = cluster.nodes.stream().filter(node -> node.alive).toList();
    others.forEach(node -> write(node, 10));
    everyNodeReadsWhatWasWritten();

    assertThat(others.get(0).routes.to(region).flush().join())
        .isInstanceOf(ApplyResult.Applied.class);
    others.forEach(node -> write(node, 10));
    everyNodeReadsWhatWasWritten();
  }
}
