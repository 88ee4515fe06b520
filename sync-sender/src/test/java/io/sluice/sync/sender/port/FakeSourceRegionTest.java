package io.sluice.sync.sender.port;

import io.sluice.common.sync.SeriesConflict;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FakeSourceRegionTest extends SourceRegionContract {
  @TempDir Path folder;
  private FakeSourceRegion region;

  @BeforeEach
  void make() {
    region = new FakeSourceRegion("root.a", folder, () -> {});
  }

  @Override
  protected SourceRegion region() {
    return region;
  }

  @Override
  protected void write(long time) {
    region.write("root.a.d", time, "v");
  }

  @Override
  protected void seal() {
    region.seal();
  }

  @Override
  protected SeriesConflict series() {
    return new SeriesConflict("root.a.d", "s", "types differ");
  }

  @Override
  protected void rejoin(long pipeNumber) {
    region.rejoin(pipeNumber);
  }
}
