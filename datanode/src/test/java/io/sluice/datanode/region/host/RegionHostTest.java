package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.inMemory;
import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.store.FakeSealedFileWriter;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionHostTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final String DEVICE = "root.x.d1";
  private static final int PATIENCE_S = 60;

  @TempDir Path folder;
  private final UUID id = UUID.randomUUID();
  private RegionHost host;

  @BeforeEach
  void start() throws Exception {
    host = open(CLUSTER, RegionOptions.DEFAULT);
  }

  @AfterEach
  void stop() {
    if (host != null) {
      host.close();
    }
  }

  private RegionHost open(UUID cluster, RegionOptions options) throws Exception {
    return RegionHost.open(
        new RegionHostOptions(cluster, 1, folder, "127.0.0.1", 0, options),
        new TsFileSealer(SealOptions.DEFAULT),
        new NoPeers());
  }

  private Region create() throws Exception {
    return host.create(id, "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
  }

  private Region reopen() throws Exception {
    host.close();
    host = open(CLUSTER, RegionOptions.DEFAULT);
    return host.find(id).orElseThrow();
  }

  @Test
  void anAnsweredRowIsVisibleAndSurvivesAStopWithoutFlush() throws Exception {
    Region region = create();
    assertThat(region.propose(row(DEVICE, "s", 5, 50)).get()).isInstanceOf(Applied.class);
    try (RegionView view = region.view()) {
      assertThat(inMemory(view, DEVICE, "s")).containsExactlyEntriesOf(Map.of(5L, 50L));
    }
    Region again = reopen();
    try (RegionView view = again.view()) {
      assertThat(inMemory(view, DEVICE, "s")).containsExactlyEntriesOf(Map.of(5L, 50L));
    }
    assertThat(again.database()).isEqualTo("root.x");
  }

  @Test
  void aFlushMakesADurableFileWhichIsThereAfterAReopen() throws Exception {
    Region region = create();
    region.propose(row(DEVICE, "s", 5, 50)).get();
    assertThat(region.flush().get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    SealedFile file = region.firstSealedAfter(0).orElseThrow();
    assertThat(file.path()).isRegularFile().hasSize(file.lengthBytes());
    assertThat(region.durableIndex()).isGreaterThanOrEqualTo(region.lastDataIndex());
    Region again = reopen();
    assertThat(again.firstSealedAfter(0)).contains(file);
    try (RegionView view = again.view()) {
      assertThat(inMemory(view, DEVICE, "s")).isEmpty();
      assertThat(view.files()).containsExactly(file);
    }
    assertThat(again.firstSealedAfter(again.durableIndex())).isEmpty();
  }

  @Test
  void flushWithoutRowsAnswersAtOnceAndWritesNothing() throws Exception {
    Region region = create();
    long before = region.durableIndex();
    assertThat(region.flush().get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    assertThat(region.durableIndex()).isEqualTo(before);
  }

  @Test
  void eachStartOfALeaderLengthensTheLineage() throws Exception {
    Region region = create();
    assertThat(region.lineage().spans()).hasSize(1);
    Region again = reopen();
    assertThat(again.lineage().spans()).hasSize(2).startsWith(region.lineage().spans().get(0));
  }

  @Test
  void manyConcurrentRowsAreAllThereAfterAReopen() throws Exception {
    Region region = create();
    List<CompletableFuture<ApplyResult>> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(region.propose(row(DEVICE, "s", i, i)));
      if (i == 1_000) {
        region.flush();
      }
    }
    for (CompletableFuture<ApplyResult> answer : answers) {
      assertThat(answer.get()).isInstanceOf(Applied.class);
    }
    assertThat(region.flush().get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    region.propose(row(DEVICE, "s", 5_000, 1)).get();
    Region again = reopen();
    try (RegionView view = again.view()) {
      assertThat(inMemory(view, DEVICE, "s")).containsOnlyKeys(5_000L);
      assertThat(view.files()).isNotEmpty();
    }
  }

  @Test
  void aTabletLargerThanALogEntryIsAppliedWhole() throws Exception {
    Region region = create();
    assertThat(region.propose(tablet(DEVICE, 0, 1_000, 1_000)).get()).isInstanceOf(Applied.class);
    assertThat(region.figures().ingestedPoints()).isEqualTo(1_000_000);
    Region again = reopen();
    assertThat(again.figures().ingestedPoints()).isEqualTo(1_000_000);
  }

  @Test
  void sealSoonSealsWithoutAFlush() throws Exception {
    Region region = create();
    region.propose(row(DEVICE, "s", 5, 50)).get();
    region.sealSoon();
    Awaitility.await()
        .atMost(PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> region.durableIndex() >= region.lastDataIndex());
    assertThat(region.firstSealedAfter(0)).isPresent();
  }

  @Test
  void theLogIsPurgedBehindDurableRanges() throws Exception {
    Region region = create();
    for (int i = 0; i < 20; i++) {
      region.propose(tablet(DEVICE, i * 10_000L, 10_000, 20)).get();
    }
    long before = region.figures().logBytes();
    assertThat(before).isGreaterThan(20_000_000);
    region.flush().get(PATIENCE_S, TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> region.figures().logBytes() < before / 2);
    assertThat(reopen().firstSealedAfter(0)).isPresent();
  }

  @Test
  void aDeletedRegionIsGone() throws Exception {
    Region region = create();
    region.propose(row(DEVICE, "s", 5, 50)).get();
    host.delete(id);
    assertThat(host.find(id)).isEmpty();
    assertThat(region.propose(row(DEVICE, "s", 6, 60)).get())
        .isInstanceOf(ApplyResult.Unavailable.class);
    assertThat(folder.resolve("regions").resolve(id.toString())).doesNotExist();
    assertThat(folder.resolve("raft").resolve(id.toString())).doesNotExist();
    host.close();
    host = open(CLUSTER, RegionOptions.DEFAULT);
    assertThat(host.all()).isEmpty();
  }

  @Test
  void aFolderOfAnotherClusterIsRefused() throws Exception {
    create();
    host.close();
    host = null;
    assertThatThrownBy(() -> open(new UUID(9, 9), RegionOptions.DEFAULT))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("cluster");
  }

  @Test
  void aSecondHostOnTheSameFolderIsRefused() {
    assertThatThrownBy(() -> open(CLUSTER, RegionOptions.DEFAULT))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void aRegionWithoutItsLogIsRefusedAndALogWithoutItsRegionToo() throws Exception {
    create().propose(row(DEVICE, "s", 5, 50)).get();
    host.close();
    host = null;
    Path log = folder.resolve("raft").resolve(id.toString());
    Path aside = folder.resolve("aside");
    Files.move(log, aside);
    assertThatThrownBy(() -> open(CLUSTER, RegionOptions.DEFAULT))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("no log");
    Files.move(aside, log);
    Path region = folder.resolve("regions").resolve(id.toString());
    Files.move(region, aside);
    assertThatThrownBy(() -> open(CLUSTER, RegionOptions.DEFAULT))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("not in");
    Files.move(aside, region);
    host = open(CLUSTER, RegionOptions.DEFAULT);
    assertThat(host.find(id)).isPresent();
  }

  @Test
  void aManifestBehindTheLogsBeginningIsRefused() throws Exception {
    Region region = create();
    Path manifests = folder.resolve("regions").resolve(id.toString());
    Path old = Files.createDirectory(folder.resolve("old"));
    host.close();
    copyFiles(manifests, old);
    host = open(CLUSTER, RegionOptions.DEFAULT);
    region = host.find(id).orElseThrow();
    for (int i = 0; i < 20; i++) {
      region.propose(tablet(DEVICE, i * 10_000L, 10_000, 20)).get();
    }
    long before = region.figures().logBytes();
    region.flush().get(PATIENCE_S, TimeUnit.SECONDS);
    Region flushed = region;
    Awaitility.await()
        .atMost(PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> flushed.figures().logBytes() < before / 2);
    host.close();
    host = null;
    copyFiles(old, manifests);
    assertThatThrownBy(() -> open(CLUSTER, RegionOptions.DEFAULT))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("entries are missing");
  }

  private static void copyFiles(Path from, Path to) throws Exception {
    try (var entries = Files.list(from)) {
      for (Path file : entries.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void aRegionThatWasNeverMadeWholeIsClearedAway() throws Exception {
    create();
    host.close();
    Files.createFile(folder.resolve("regions").resolve(id.toString()).resolve("unfinished"));
    host = open(CLUSTER, RegionOptions.DEFAULT);
    assertThat(host.all()).isEmpty();
    assertThat(create().propose(row(DEVICE, "s", 5, 50)).get()).isInstanceOf(Applied.class);
  }

  @Test
  void atTheMemoryLimitWritersAreRefusedNotLost() throws Exception {
    host.close();
    RegionOptions tiny =
        new RegionOptions(1L << 40, 1L << 40, 300, 100_000, 1 << 20, 300, 1 << 30, 1 << 30);
    FakeSealedFileWriter stuck = new FakeSealedFileWriter();
    stuck.failNext(Integer.MAX_VALUE);
    host =
        RegionHost.open(
            new RegionHostOptions(CLUSTER, 1, folder, "127.0.0.1", 0, tiny), stuck, new NoPeers());
    Region region = create();
    assertThat(region.propose(tablet(DEVICE, 0, 1_000, 20)).get()).isInstanceOf(Applied.class);
    assertThat(region.propose(tablet(DEVICE, 2_000, 1_000, 20)).get())
        .isInstanceOfSatisfying(
            ApplyResult.Unavailable.class,
            no -> assertThat(no.code()).isEqualTo(StatusCode.WRITE_REJECTED));
    stuck.failNext(0);
    Awaitility.await()
        .atMost(PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> region.propose(tablet(DEVICE, 4_000, 10, 2)).get() instanceof Applied);
    assertThat(region.firstSealedAfter(0)).isPresent();
  }
}
