package io.sluice.sync.sender.port;

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
}
