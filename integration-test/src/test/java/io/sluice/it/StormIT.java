package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.storm.StormPlan;
import io.sluice.cli.storm.StormRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of both sides are killed while a pipe uploads; what clients were acknowledged is there in
 * the end, once. {@code ./sluice storm} does the same for longer.
 */
class StormIT {
  private static final StormPlan SMALL = new StormPlan(6, 7, 400_000, 5);

  @RegisterExtension static final NodeLogs LOGS = new NodeLogs();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  @Test
  void nothingAcknowledgedIsLostOrDoubledByKills() throws Exception {
    try (LocalCluster edge = LOGS.of(TestClusters.named("edge", folder));
        LocalCluster cloud = LOGS.of(TestClusters.named("cloud", folder))) {
      edge.start(1, 2);
      cloud.start(1, 2);
      StringWriter said = new StringWriter();
      boolean equal = new StormRun(SMALL, edge, cloud, new PrintWriter(said, true)).run();
      assertThat(equal).as(said.toString()).isTrue();
    }
  }
}
