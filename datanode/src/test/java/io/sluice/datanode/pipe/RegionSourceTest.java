package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.host.Rot;
import io.sluice.datanode.tsfile.DamagedFileException;
import io.sluice.sync.sender.port.PieceFile;
import io.sluice.sync.sender.port.ReadyRange;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.SourceRegionContract;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bug put back and seen here: a new leader's log end below the Seal of the former one's range. */
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

  @Override
  protected SeriesConflict series() {
    return new SeriesConflict(DEVICE, "s", "types differ");
  }

  @Override
  protected void rejoin(long pipeNumber) throws Exception {
    cluster.write(new LogEntry.Rejoin(pipeNumber), DEVICE);
  }

  @Test
  void rowsInMemoryAreCountedUntilTheyAreInAFile() throws Exception {
    write(10);
    write(11);
    assertThat(region().backlogAfter(0).unsealedRows()).isEqualTo(2);
    seal();
    assertThat(region().backlogAfter(0).unsealedRows()).isZero();
    assertThat(region().backlogAfter(0).files()).isEqualTo(1);
  }

  /** Its bytes would be refused at the receiver for ever. */
  @Test
  void aRottenFileIsNamedAndNotSent() throws Exception {
    write(10);
    seal();
    Region region = cluster.regions().get(0);
    SealedFile file = region.firstSealedAfter(0).orElseThrow();
    Rot.flipAt(file.path(), file.lengthBytes() / 2);
    assertThatThrownBy(() -> cluster.source(region).openNextAfter(0, EVERYTHING))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(file.path().toString());
  }

  /** A handshake that named a lower end would be answered with all of the history again. */
  @Test
  void aNewLeaderWhoseOwnFilesLagNamesAnEndAtOrAboveEveryRangeOfTheFormerOne() throws Exception {
    write(10);
    seal();
    Region region = cluster.regions().get(0);
    ReadyRange range = cluster.source(region).openNextAfter(0, EVERYTHING).orElseThrow();
    range.file().ifPresent(PieceFile::close);
    assertThat(range.end()).as("the Seal's").isGreaterThan(region.lastDataIndex());
    Region lagging =
        (Region)
            Proxy.newProxyInstance(
                Region.class.getClassLoader(),
                new Class<?>[] {Region.class},
                (proxy, method, arguments) ->
                    method.getName().equals("durableIndex")
                        ? Long.valueOf(0)
                        : method.invoke(region, arguments));
    assertThat(cluster.source(lagging).logEnd()).isGreaterThanOrEqualTo(range.end());
  }
}
