package io.sluice.sync.receiver.port;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

class FakeTargetClusterTest extends TargetContract {
  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(3);

  @Override
  protected TargetCluster cluster() {
    return cluster;
  }

  @Override
  protected PieceSplitter splitter() {
    return cluster;
  }

  @Override
  protected Path file(List<String> devices, long time) throws Exception {
    String text =
        devices.stream().map(device -> device + " " + time + " v\n").collect(Collectors.joining());
    return Files.writeString(Files.createTempFile(folder, "piece", ".txt"), text);
  }

  @Override
  protected int points() {
    return cluster.points().size();
  }
}
