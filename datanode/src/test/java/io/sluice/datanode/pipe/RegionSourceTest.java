package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;

import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.SourceRegionContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class RegionSourceTest extends SourceRegionContract {
  private static final String DEVICE = "root.a.d";

  @TempDir Path folder;
  private OneNodeCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new OneNodeCluster(folder, 1);
    cluster.targets().ensureDatabase("root.a");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Override
  protected SourceRegion region() {
    return cluster.source(cluster.regions().get(0));
  }

  @Override
  protected void write(long time) throws Exception {
    cluster.write(row(DEVICE, "s", time, time), DEVICE);
  }

  @Override
  protected void seal() throws Exception {
    cluster.flush();
  }
}
