package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Measures a region alone, with fsync: {@code main FOLDER}. Tablets of 1000 rows × 10 doubles from
 * two threads that wait for each answer, then single rows, many at a time. Not a test.
 */
public final class RegionThroughput {
  private static final int THREADS = 2;
  private static final int TABLETS = 1_500;
  private static final int ROUNDS = 4;

  private RegionThroughput() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(args[0]), "throughput");
    RegionHostOptions options =
        new RegionHostOptions(UUID.randomUUID(), 1, folder, "127.0.0.1", 0, RegionOptions.DEFAULT);
    try (RegionHost host =
        RegionHost.open(options, new TsFileSealer(SealOptions.DEFAULT), new NoPeers())) {
      Region region =
          host.create(UUID.randomUUID(), "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
      for (int round = 0; round < ROUNDS; round++) {
        tablets(region, round, 1);
        tablets(region, round + ROUNDS, 8);
      }
      for (int round = 0; round < 2; round++) {
        rows(region, round);
      }
    }
  }

  private static void tablets(Region region, int round, int inFlight) throws Exception {
    long startMs = MonotonicClock.SYSTEM.nowMs();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(new Thread(() -> write(region, thread, round, inFlight)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    long ms = MonotonicClock.SYSTEM.nowMs() - startMs;
    long points = (long) THREADS * TABLETS * 10_000;
    region.flush().get();
    long allMs = MonotonicClock.SYSTEM.nowMs() - startMs;
    System.out.printf(
        "tablets, %d in flight per thread: %.2f million points/s acknowledged (%d ms), %.2f"
            + " durable in files%n",
        inFlight, points / 1000.0 / ms, ms, points / 1000.0 / allMs);
  }

  private static void write(Region region, int thread, int round, int inFlight) {
    List<CompletableFuture<?>> open = new ArrayList<>();
    for (int i = 0; i < TABLETS; i++) {
      long firstTime = ((long) round * TABLETS + i) * 1_000;
      LogEntry tablet = Writes.tablet("root.x.d" + (thread * 50 + i % 50), firstTime, 1_000, 10);
      open.add(
          region
              .propose(tablet)
              .thenAccept(
                  result -> {
                    if (!(result instanceof Applied)) {
                      throw new IllegalStateException(result.toString());
                    }
                  }));
      if (open.size() >= inFlight) {
        open.remove(0).join();
      }
    }
    open.forEach(CompletableFuture::join);
  }

  private static void rows(Region region, int round) throws Exception {
    int rows = 50_000;
    long startMs = MonotonicClock.SYSTEM.nowMs();
    List<CompletableFuture<?>> open = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      open.add(region.propose(Writes.row("root.x.r", "s", (long) round * rows + i, i)));
      if (open.size() >= 512) {
        open.remove(0).join();
      }
    }
    for (CompletableFuture<?> answer : open) {
      answer.join();
    }
    long ms = MonotonicClock.SYSTEM.nowMs() - startMs;
    System.out.printf("single rows, 512 in flight: %d rows/s%n", rows * 1000L / ms);
    startMs = MonotonicClock.SYSTEM.nowMs();
    int alone = 1_000;
    for (int i = 0; i < alone; i++) {
      region.propose(Writes.row("root.x.a", "s", (long) round * rows + i, i)).join();
    }
    ms = MonotonicClock.SYSTEM.nowMs() - startMs;
    System.out.printf("single rows, one after another: %d rows/s%n", alone * 1000L / ms);
  }
}
