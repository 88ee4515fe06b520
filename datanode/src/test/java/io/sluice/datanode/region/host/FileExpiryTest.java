package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.StoredPoints;
import io.sluice.datanode.region.compact.PipeFloor;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that have expired go from the disk of a region that is led here. Bugs put back and seen
 * here: a file that the pipe has not passed; one that goes while it is read.
 */
class FileExpiryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final StoredPoints reader = new StoredPoints();
  private final UUID id = UUID.randomUUID();
  private volatile long firstTimeMs = Long.MIN_VALUE;
  private volatile long position;
  private RegionHost host;
  private Region region;

  @BeforeEach
  void start() throws Exception {
    open();
    region = host.create(id, "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
  }

  private void open() throws Exception {
    host =
        RegionHost.open(
            new RegionHostOptions(new UUID(1, 2), 1, folder, "127.0.0.1", 0, RegionOptions.DEFAULT),
            new FileTools(
                new TsFileSealer(SealOptions.DEFAULT),
                new TsFileMerger(SealOptions.DEFAULT),
                reader.files()::forget),
            new NoPeers());
    host.mergeAsAllowedBy(any -> Optional.of(List.of(new PipeFloor(position, position, false))));
    host.expireBy(database -> database.equals("root.x") ? firstTimeMs : Long.MIN_VALUE);
  }

  @AfterEach
  void stop() {
    host.close();
    reader.close();
  }

  private void writeFile(long timeMs) throws Exception {
    assertThat(region.propose(row("root.x.d", "s", timeMs, timeMs)).get())
        .isInstanceOf(Applied.class);
    assertThat(region.flush().get(60, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
  }

  /** Listed, not looked at: some go meanwhile. */
  private long filesOnDisk() throws Exception {
    Path files = folder.resolve("regions").resolve(id.toString()).resolve("files");
    try (Stream<Path> present = Files.list(files)) {
      return present.filter(file -> file.toString().endsWith(".tsfile")).count();
    }
  }

  private void awaitFiles(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(region.figures().files()).isEqualTo(count);
              assertThat(filesOnDisk()).isEqualTo(count);
            });
  }

  @Test
  void filesGoOnceTheyHaveExpiredAndThePipeHasPassedThemAndNotBefore() throws Exception {
    writeFile(100);
    long first = region.durableIndex();
    writeFile(200);
    writeFile(300);
    firstTimeMs = 250;
    writeFile(400);
    assertThat(region.figures().files()).as("the pipe has passed nothing").isEqualTo(4);
    position = first;
    awaitFiles(3);
    position = region.durableIndex();
    awaitFiles(2);
    assertThat(region.firstSealedAfter(first)).isPresent();
    assertThat(points()).containsExactlyInAnyOrder("root.x.d.s 300", "root.x.d.s 400");
    host.close();
    open();
    region = host.find(id).orElseThrow();
    assertThat(points()).containsExactlyInAnyOrder("root.x.d.s 300", "root.x.d.s 400");
    firstTimeMs = 1_000;
    position = Long.MAX_VALUE;
    awaitFiles(0);
    // What a pipe asks for next is the end of it all, with nothing in it.
    assertThat(region.firstSealedAfter(0).orElseThrow().path()).isNull();
  }

  /** What was being read when a file went is read to its end. */
  @Test
  void aReaderKeepsItsFiles() throws Exception {
    writeFile(100);
    RegionView view = region.view();
    SeriesInfo series = view.series(List.of(PathPattern.parse("root.**"))).get(0);
    firstTimeMs = 250;
    position = Long.MAX_VALUE;
    await().atMost(PATIENCE).until(() -> region.figures().files() == 0);
    assertThat(filesOnDisk()).isEqualTo(1);
    try (RowBlocks rows = reader.rows(view, series)) {
      assertThat(rows.next().getTimeByIndex(0)).isEqualTo(100);
    }
    awaitFiles(0);
  }

  private Set<String> points() throws Exception {
    return reader.of(region::view).keySet();
  }
}
