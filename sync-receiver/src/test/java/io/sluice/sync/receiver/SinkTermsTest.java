package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.sync.Compression;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SinkTerms;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.port.FakeSourceRegion;
import io.sluice.sync.sender.port.FakeSourceRegions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sink's compression and limit, over loopback, through a proxy that counts. */
class SinkTermsTest {
  private static final SyncSenderOptions FAST =
      new SyncSenderOptions(2, 5, 50, 200, 1_000, 2_000, 5_000, 4, 1, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int POINTS = 20_000;

  @TempDir Path folder;
  private final FakeSourceRegions regions = new FakeSourceRegions();
  private final FakeTargetCluster cluster = new FakeTargetCluster(3);
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T part) {
    toClose.add(part);
    return part;
  }

  private ReceiverServer receiver() throws Exception {
    return closing(
        new ReceiverServer(
            ReceiverServer.OPTIONS, "127.0.0.1", folder.resolve("staging"), cluster));
  }

  private SyncSender sender() {
    return closing(new SyncSender(FAST, regions, MonotonicClock.SYSTEM));
  }

  private static PipeSpec pipe(int port, Compression compression, long bytesPerSecondMax) {
    SinkTerms terms = new SinkTerms(null, compression, bytesPerSecondMax);
    return new PipeSpec("p", 1, "127.0.0.1", port, 1_000, 0, false, terms);
  }

  private FakeSourceRegion filled(int points) {
    FakeSourceRegion region = regions.add("root.a", folder);
    for (int i = 0; i < points; i++) {
      region.write("root.a.d" + i % 7, i, "v" + i);
    }
    region.seal();
    return region;
  }

  /** The one file of a region whose rows are sealed together. */
  private static long fileBytes(FakeSourceRegion region) {
    return region.points().stream()
        .mapToLong(
            point -> (point.device() + " " + point.time() + " " + point.value() + "\n").length())
        .sum();
  }

  private void awaitAll(SyncSender sender, int points) {
    await().atMost(PATIENCE).until(() -> cluster.points().size() == points);
    assertThat(cluster.timesApplied().values()).containsOnly(1);
    await().atMost(PATIENCE).until(() -> sender.health(1).equals(Health.NORMAL));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void packedContentArrivesAsItWasAndIsLessOnTheWire(Compression compression) throws Exception {
    FakeSourceRegion region = filled(POINTS);
    ReceiverServer server = receiver();
    CuttingProxy proxy = closing(new CuttingProxy(server::port, 7, Integer.MAX_VALUE));
    proxy.stopCutting();
    SyncSender sender = sender();
    sender.start(pipe(proxy.port(), compression, 0));
    awaitAll(sender, POINTS);
    assertThat(cluster.points().get("root.a.d3 3")).isEqualTo("v3");
    assertThat(proxy.bytesForwarded()).isLessThan(fileBytes(region) * 3 / 4);
  }

  @Test
  void packedContentSurvivesCutsAndFlippedBits() throws Exception {
    ReceiverServer server = receiver();
    CuttingProxy proxy = closing(new CuttingProxy(server::port, 8, 10_000));
    proxy.flipBits();
    SyncSender sender = sender();
    sender.start(pipe(proxy.port(), Compression.LZ4, 0));
    FakeSourceRegion region = filled(POINTS);
    AtomicInteger points = new AtomicInteger(POINTS);
    // However the connections fall: there is always more to send until bits were turned.
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              int point = points.getAndIncrement();
              region.write("root.a.more", point, "v" + point);
              region.seal();
              return proxy.cuts() >= 5;
            });
    proxy.stopCutting();
    awaitAll(sender, points.get());
  }

  /** By ALTER PIPESINK, in the middle of a file: without the change it would take minutes. */
  @Test
  void aLimitHoldsAndIsLiftedInTheMiddleOfAFile() throws Exception {
    FakeSourceRegion region = filled(POINTS);
    ReceiverServer server = receiver();
    CuttingProxy proxy = closing(new CuttingProxy(server::port, 9, Integer.MAX_VALUE));
    proxy.stopCutting();
    SyncSender sender = sender();
    long startedAtNanos = System.nanoTime();
    sender.start(pipe(proxy.port(), Compression.NONE, 2_048));
    await().atMost(PATIENCE).until(() -> proxy.bytesForwarded() > 4 * 4_096);
    double seconds = (System.nanoTime() - startedAtNanos) / 1e9;
    assertThat(proxy.bytesForwarded() / seconds).isLessThan(2 * 2_048 + 4_096 / seconds);
    assertThat(sender.health(1)).isEqualTo(Health.NORMAL);
    assertThat(cluster.points()).isEmpty();
    assertThat(fileBytes(region)).isGreaterThan(100_000);
    sender.start(pipe(proxy.port(), Compression.NONE, 0));
    awaitAll(sender, POINTS);
  }

  /** Noise does not get smaller: it goes as it is, and nothing is lost by the attempt. */
  @Test
  void contentThatDoesNotGetSmallerGoesAsItIs() throws Exception {
    FakeSourceRegion region = regions.add("root.a", folder);
    Random random = new Random(10);
    for (int i = 0; i < 500; i++) {
      StringBuilder noise = new StringBuilder();
      for (int k = 0; k < 600; k++) {
        noise.append((char) ('!' + random.nextInt(90)));
      }
      region.write("root.a.d", i, noise.toString());
    }
    region.seal();
    ReceiverServer server = receiver();
    SyncSender sender = sender();
    sender.start(pipe(server.port(), Compression.LZ4, 0));
    awaitAll(sender, 500);
  }
}
