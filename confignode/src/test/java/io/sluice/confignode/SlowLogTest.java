package io.sluice.confignode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is slower than anybody cares to wait for. */
class SlowLogTest {
  private static final ConfigNodeOptions.Tuning IMPATIENT =
      new ConfigNodeOptions.Tuning(50, 1_500, 1_000, 1, 300, 600, 30_000, 50, 16 << 10);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aLeaderWhoseFirstCommandIsNotConfirmedInTimeTakesUpItsDutiesAllTheSame() throws Exception {
    ConfigNodeOptions options = ConfigNodeOptions.founder(folder.resolve("cn"), "edge");
    try (ConfigNode node =
        new ConfigNode(options.withTuning(IMPATIENT), new SimpleMeterRegistry())) {
      node.start();
      try (TestClient client = new TestClient(node.internal())) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(client.call(c -> c.getClusterState()).getConfigNodes())
                        .extracting("role")
                        .containsExactly("Leader"));
      }
    }
  }

  @Test
  void aPipeStatementWhoseOutcomeWasNotKnownInTimeDoesNotBlockItsPipeForEver() throws Exception {
    ConfigNodeOptions options = ConfigNodeOptions.founder(folder.resolve("cn"), "edge");
    try (ConfigNode node =
        new ConfigNode(options.withTuning(IMPATIENT), new SimpleMeterRegistry())) {
      node.start();
      try (TestClient client = new TestClient(node.internal());
          FakeDataNode data = new FakeDataNode()) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(client.register(data, "edge").getStatus().getCode()).isEqualTo(200));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  client.createSink("demo");
                  assertThat(node.image().pipes().sinks()).containsKey("demo");
                });
        // Every answer comes too late for it; some pipes are begun all the same.
        for (int i = 0; i < 20; i++) {
          client.createPipe("p" + i, "demo");
        }
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(node.image().pipes().procedures()).isEmpty());
      }
    }
  }
}
