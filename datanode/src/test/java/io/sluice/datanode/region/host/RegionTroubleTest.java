package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.inMemory;
import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flushes that fail, and folders a crash has left half removed. */
class RegionTroubleTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final String DEVICE = "root.x.d1";
  private static final int PATIENCE_S = 60;

  @TempDir Path folder;
  private final UUID id = UUID.randomUUID();
  private final AtomicInteger failures = new AtomicInteger();
  private final SealedFileWriter sealer = new TsFileSealer(SealOptions.DEFAULT);
  private RegionHost host;

  @AfterEach
  void stop() {
    if (host != null) {
      host.close();
    }
  }

  private RegionHost open(SealedFileWriter writer) throws IOException {
    return RegionHost.open(
        new RegionHostOptions(CLUSTER, 1, folder, "127.0.0.1", 0, RegionOptions.DEFAULT),
        writer,
        new NoPeers());
  }

  private Region create() throws Exception {
    return host.create(id, "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
  }

  private Path regionFolder() {
    return folder.resolve("regions").resolve(id.toString());
  }

  @Test
  void aFlushThatFailsByAFaultOfTheLibraryIsTriedAgain() throws Exception {
    host =
        open(
            (target, devices) -> {
              if (failures.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault");
              }
              return sealer.write(target, devices);
            });
    Region region = create();
    region.propose(row(DEVICE, "s", 5, 50)).get();
    assertThat(region.flush().get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    assertThat(failures).hasValue(2);
  }

  @Test
  void aReplayThatWaitsForAFailedFlushGoesOnOnceTheFlushSucceeds() throws Exception {
    host =
        open(
            (target, devices) -> {
              throw new IOException("the disk is full");
            });
    Region region = create();
    for (int i = 0; i < 4; i++) {
      region.propose(row(DEVICE, "s", i, i)).get();
      region.flush();
    }
    host.close();
    // More than replaying the eight entries tries.
    SealedFileWriter later =
        (target, devices) -> {
          if (failures.incrementAndGet() <= 11) {
            throw new IOException("the disk is still full");
          }
          return sealer.write(target, devices);
        };
    host =
        CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return open(later);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .get(PATIENCE_S, TimeUnit.SECONDS);
    Region again = host.find(id).orElseThrow();
    assertThat(again.flush().get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    assertThat(again.firstSealedAfter(0)).isPresent();
    try (RegionView view = again.view()) {
      assertThat(view.files()).hasSize(4);
      assertThat(inMemory(view, DEVICE, "s")).isEmpty();
    }
  }

  @Test
  void whatARemovalLeavesBehindStaysMarkedToTheLast() throws Exception {
    Path half = Files.createDirectories(folder.resolve("half"));
    Files.createDirectories(half.resolve("staging"));
    Files.createFile(half.resolve("manifest-3"));
    Files.createFile(half.resolve("unfinished"));
    Files.createDirectories(half.resolve("zzz"));
    assertThat(RegionHost.removalOrder(half))
        .hasSize(4)
        .last()
        .isEqualTo(half.resolve("unfinished"));
    host = open(sealer);
    create();
    host.delete(id);
    assertThat(regionFolder()).doesNotExist();
  }

  @Test
  void aLogWhoseManifestIsGoneIsNotRemoved() throws Exception {
    host = open(sealer);
    create().propose(row(DEVICE, "s", 5, 50)).get();
    host.close();
    Files.delete(regionFolder().resolve("manifest-1"));
    assertThatThrownBy(() -> open(sealer))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("no manifest");
    assertThat(folder.resolve("raft").resolve(id.toString())).isDirectory();
  }

  @Test
  void aLogThatCannotBeWrittenRefusesItsWritersInsteadOfKeepingThem() throws Exception {
    host = open(sealer);
    Region region = create();
    Path log = folder.resolve("raft").resolve(id.toString());
    // The next log file cannot be made: as good as a disk that is full.
    Files.move(log.resolve("current"), log.resolve("gone"));
    List<CompletableFuture<ApplyResult>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(region.propose(tablet(DEVICE, i * 10_000L, 10_000, 12)));
    }
    for (CompletableFuture<ApplyResult> answer : answers) {
      answer.get(PATIENCE_S, TimeUnit.SECONDS);
    }
    assertThat(answers.get(9).get()).isInstanceOf(Unavailable.class);
    await().atMost(Duration.ofSeconds(PATIENCE_S)).until(() -> !region.leads());
    // It leads no more before its server has ended.
    await().atMost(Duration.ofSeconds(PATIENCE_S)).until(() -> !region.state().running());
    Files.move(log.resolve("gone"), log.resolve("current"));
    // Started again by itself, as often as it takes.
    await().atMost(Duration.ofSeconds(120)).until(region::leads);
    assertThat(region.propose(row(DEVICE, "s", 5, 50)).get()).isInstanceOf(Applied.class);
    assertThat(region.state().running()).isTrue();
  }

  @Test
  void whoWaitsForAnEntryIsAnsweredWhenTheLogFails() throws Exception {
    host =
        open(
            (target, devices) -> {
              throw new IOException("the disk is full");
            });
    Region region = create();
    for (int i = 0; i < 4; i++) {
      region.propose(row(DEVICE, "s", i, i)).get();
      region.flush();
    }
    // Applying waits for the flusher, so this entry has no answer; no more has one of a failed log.
    CompletableFuture<ApplyResult> waiting = region.propose(row(DEVICE, "s", 9, 9));
    ((RegionReplica) region).logFailed();
    assertThat(waiting.get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
    assertThat(region.leads()).isFalse();
    assertThat(region.propose(row(DEVICE, "s", 9, 9)).get(PATIENCE_S, TimeUnit.SECONDS))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void aLogThatEndsBeforeItsManifestIsRefused() throws Exception {
    host = open(sealer);
    Region region = create();
    region.propose(row(DEVICE, "s", 1, 1)).get();
    host.close();
    host = null;
    Path log = folder.resolve("raft").resolve(id.toString());
    Path backup = folder.resolve("backup");
    copyTree(log, backup);
    host = open(sealer);
    region = host.find(id).orElseThrow();
    region.propose(row(DEVICE, "s", 2, 2)).get();
    region.flush().get(PATIENCE_S, TimeUnit.SECONDS);
    host.close();
    host = null;
    DurableFiles.deleteTree(log);
    copyTree(backup, log);
    assertThatThrownBy(() -> open(sealer))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("ends at");
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
