package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.StoredPoints;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.scrub.ScrubOptions;
import io.sluice.datanode.region.scrub.ScrubReport;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bit flips in sealed files of three replicas, or of one that is alone. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ScrubGroupTest {
  private static final String DEVICE = "root.x.d";
  private static final int FILES = 4;

  @TempDir Path folder;
  private final UUID id = UUID.randomUUID();
  private final StoredPoints reader = StoredPoints.uncached();
  private final Map<String, Long> expected = new TreeMap<>();
  private Replicas nodes;

  @BeforeEach
  void start() throws Exception {
    FileTools tools =
        new FileTools(
            new TsFileSealer(SealOptions.DEFAULT),
            new TsFileMerger(SealOptions.DEFAULT),
            reader.files()::forget);
    nodes = new Replicas(folder, Replicas.small(64 << 20), tools);
    for (int node = 1; node <= 3; node++) {
      nodes.start(node);
    }
  }

  @AfterEach
  void stop() {
    nodes.close();
    reader.close();
  }

  private void write(int... members) throws Exception {
    nodes.create(id, members);
    for (int i = 0; i < FILES; i++) {
      for (int time = 0; time < 50; time++) {
        long value = 1_000L * i + time;
        LogEntry row = row(DEVICE, "s", 10 * i + time, value);
        nodes.apply(id, leader -> leader.propose(row));
        expected.put(DEVICE + ".s " + (10 * i + time), value);
      }
      nodes.apply(id, Region::flush);
    }
    await()
        .atMost(Replicas.PATIENCE)
        .until(
            () -> {
              for (int node : members) {
                if (files(node).size() < FILES) {
                  return false;
                }
              }
              return true;
            });
    for (int node : members) {
      assertHolds(node);
    }
  }

  private List<SealedFile> files(int node) {
    try (RegionView view = nodes.region(node, id).view()) {
      return view.files();
    }
  }

  private void assertHolds(int node) throws Exception {
    assertThat(reader.of(nodes.region(node, id)::view)).as("node %s", node).isEqualTo(expected);
  }

  /** By its checksum, although it was compared with it, and was whole, when it was read before. */
  private void assertReadFails(int node, SealedFile rotten) {
    assertThatThrownBy(() -> reader.of(nodes.region(node, id)::view))
        .isInstanceOf(StatusException.class)
        .hasMessageContaining(rotten.path().toString())
        .hasMessageContaining("checksum");
  }

  private ScrubReport scrub(int node) throws Exception {
    RegionScrub scrubs = nodes.host(node).scrubs();
    long scrub = scrubs.begin(List.of(id));
    RegionScrub.Progress progress = scrubs.await(scrub, 1);
    while (!progress.done()) {
      progress = scrubs.await(scrub, 1_000);
    }
    return progress.reports().get(0);
  }

  @Test
  void aFlippedBitIsNamedAndTheFileHadFromAnotherReplica() throws Exception {
    write(1, 2, 3);
    for (int node = 1; node <= 3; node++) {
      SealedFile rotten = files(node).get(1);
      Rot.flip(rotten.path());
      ScrubReport report = scrub(node);
      assertThat(report.files()).isEqualTo(FILES);
      assertThat(report.damaged()).hasSize(1);
      assertThat(report.damaged().get(0).path()).isEqualTo(rotten.path().toString());
      assertThat(report.damaged().get(0).repaired()).isTrue();
      assertThat(rotten.path()).doesNotExist();
      assertThat(files(node)).hasSize(FILES);
      assertHolds(node);
      assertThat(scrub(node).damaged()).isEmpty();
      assertThat(nodes.host(node).scrubFigures().damaged()).isZero();
    }
    // Replicas write the same bytes: each had no more than the one file.
    assertThat(nodes.partsCopied).hasValue(3);
    int away = nodes.awaitLeader(id);
    nodes.stop(away);
    nodes.start(away);
    nodes.awaitEqual(id);
    assertHolds(away);
    assertThat(scrub(away).damaged()).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsHadFromAnotherReplicaToo() throws Exception {
    write(1, 2, 3);
    SealedFile rotten = files(2).get(0);
    Files.delete(rotten.path());
    assertThat(scrub(2).damaged()).singleElement().matches(ScrubReport.Found::repaired);
    reader.files().forget(rotten.path());
    assertHolds(2);
  }

  /** Seen to fail when a peer's bytes are not compared with its manifest. */
  @Test
  void aReplicaWhoseOwnIsDamagedGivesNothingAndTheThirdOneDoes() throws Exception {
    write(1, 2, 3);
    Rot.flip(files(1).get(2).path());
    Rot.flip(files(2).get(2).path());
    assertThat(scrub(1).damaged()).singleElement().matches(ScrubReport.Found::repaired);
    assertHolds(1);
    Rot.flip(files(1).get(2).path());
    Rot.flip(files(3).get(2).path());
    ScrubReport report = scrub(2);
    assertThat(report.damaged()).singleElement().matches(found -> !found.repaired());
    assertThat(report.damaged().get(0).what()).contains("DataNode 1: ").contains("DataNode 3: ");
    assertReadFails(2, files(2).get(2));
  }

  /** Seen to fail when a damaged file is given like any other. */
  @Test
  void aDamagedFileOfAReplicaThatIsAloneIsNamedAndGivenToNobody() throws Exception {
    write(1);
    SealedFile rotten = files(1).get(1);
    Rot.flip(rotten.path());
    ScrubReport report = scrub(1);
    assertThat(report.damaged()).hasSize(1);
    assertThat(report.damaged().get(0).what())
        .contains(rotten.path().toString())
        .contains("no other replica");
    assertThat(nodes.host(1).scrubFigures().damaged()).isEqualTo(1);
    assertReadFails(1, rotten);
    try (DurableImage image = nodes.region(1, id).openImage()) {
      assertThat(image.entries())
          .extracting(DurableImage.Entry::name)
          .hasSize(FILES)
          .doesNotContain("files/" + rotten.path().getFileName());
    }
  }

  @Test
  void whatAReaderFindsDamagedIsRepairedWithoutBeingAsked() throws Exception {
    write(1, 2, 3);
    SealedFile rotten = files(3).get(0);
    Rot.flip(rotten.path());
    reader.files().forget(rotten.path());
    reader.files().reportDamageTo(nodes.host(3)::suspect);
    assertReadFails(3, rotten);
    await().atMost(Replicas.PATIENCE).until(() -> !Files.exists(rotten.path()));
    assertHolds(3);
  }

  @Test
  void theBackgroundGoesOnWhereItWasAndFindsWhatNobodyAskedFor() throws Exception {
    write(1, 2, 3);
    SealedFile rotten = files(2).get(2);
    Rot.flip(rotten.path());
    Path place = folder.resolve("place");
    long[] nowMs = {1_000};
    long[] restedMs = {0};
    Scrubber first = scrubber(2, place, nowMs, restedMs);
    assertThat(first.step()).isPositive();
    nowMs[0] = 20_000;
    assertThat(first.step()).isZero();
    assertThat(first.step()).isZero();
    nowMs[0] += 60_000;
    // Another process, which reads the place: two files were looked at, of which one is known.
    Scrubber second = scrubber(2, place, nowMs, restedMs);
    while (second.figures().repaired() == 0) {
      second.step();
    }
    assertThat(rotten.path()).doesNotExist();
    while (second.step() == 0) {
      assertThat(second.figures().files()).isLessThanOrEqualTo(FILES);
    }
    assertThat(restedMs[0]).isPositive();
    assertHolds(2);
  }

  private Scrubber scrubber(int node, Path place, long[] nowMs, long[] restedMs) {
    RegionReplica replica = (RegionReplica) nodes.region(node, id);
    DamagedFiles damaged = new DamagedFiles();
    Scrubber scrubber =
        new Scrubber(
            () -> List.of(replica),
            damaged,
            new FileRepair(nodes.peersOf(node), damaged, reader.files()::forget),
            reader.files()::forget,
            new ScrubPlace(place),
            new Scrubber.Times(() -> nowMs[0], () -> nowMs[0], ms -> restedMs[0] += ms));
    scrubber.pace(new ScrubOptions(10_000, 1_024));
    return scrubber;
  }
}
