package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SealAtStopTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;
  private FakeRegions regions;

  @BeforeEach
  void make() {
    regions = new FakeRegions(folder);
  }

  @Test
  void theRegionsLedHereAreSealedAndOnlyThose() throws Exception {
    FakeRegion led = regions.add(UUID.randomUUID(), "root.a");
    FakeRegion followed = regions.add(UUID.randomUUID(), "root.a");
    followed.leads = false;
    new SealAtStop(regions, LONG).close();
    assertThat(led.entries).containsExactly(new LogEntry.Seal());
    assertThat(followed.entries).isEmpty();
  }

  @Test
  void aRegionThatCannotSealDoesNotHoldUpTheStop() throws Exception {
    FakeRegion stuck = regions.add(UUID.randomUUID(), "root.a");
    stuck.flushes = new CompletableFuture<>();
    new SealAtStop(regions, Duration.ofMillis(20)).close();
  }

  @Test
  void aRefusedSealIsNoReasonNotToStop() throws Exception {
    FakeRegion refusing = regions.add(UUID.randomUUID(), "root.a");
    refusing.answer = new ApplyResult.Unavailable(StatusCode.READ_ONLY, "disk full");
    new SealAtStop(regions, LONG).close();
    assertThat(refusing.entries).hasSize(1);
  }
}
