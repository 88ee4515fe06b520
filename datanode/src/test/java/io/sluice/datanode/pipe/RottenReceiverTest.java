package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.host.Rot;
import io.sluice.datanode.region.scrub.ScrubReport;
import io.sluice.datanode.verify.RegionReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit flips in files of a receiver that has one replica; its sender has the rows still. */
class RottenReceiverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private EdgeAndCloud both;
  private OneNodeCluster edge;
  private OneNodeCluster cloud;

  @BeforeEach
  void start() throws Exception {
    both = new EdgeAndCloud(folder, 1);
    edge = both.edge;
    cloud = both.cloud;
  }

  @AfterEach
  void stop() {
    both.close();
  }

  private List<RegionReport> verify() throws Exception {
    return both.onEveryRegion(
        (region, database) ->
            edge.verifier().verify(1, Long.MIN_VALUE, region, database, both::feed));
  }

  /** What became of each file when all regions had brought their rows. */
  private List<Mended> bringBack() throws Exception {
    Map<RottenFile, Mended> last = new LinkedHashMap<>();
    both.onEveryRegion(
            (region, database) ->
                edge.verifier()
                    .rottenRepair()
                    .repair(1, Long.MIN_VALUE, region, database, both::feed))
        .forEach(all -> all.forEach(outcome -> last.put(outcome.file(), outcome.mended())));
    return List.copyOf(last.values());
  }

  private void shipped() throws Exception {
    edge.flush();
    assertThat(verify()).allMatch(report -> report.differences().isEmpty());
  }

  private Region target() {
    return cloud.regions().get(0);
  }

  private List<SealedFile> files() {
    try (RegionView view = target().view()) {
      return view.files();
    }
  }

  private ScrubReport scrub() throws Exception {
    RegionScrub scrubs = cloud.scrubs();
    long scrub = scrubs.begin(List.of(target().id()));
    RegionScrub.Progress progress = scrubs.await(scrub, 1);
    while (!progress.done()) {
      progress = scrubs.await(scrub, 1_000);
    }
    return progress.reports().get(0);
  }

  private SealedFile rot(SealedFile file) throws Exception {
    cloud.flush();
    Rot.flipAt(file.path(), file.lengthBytes() / 2);
    assertThat(scrub().damaged())
        .extracting(ScrubReport.Found::path)
        .contains(file.path().toString());
    return file;
  }

  /** Of s0, in one entry: they come in one file. */
  private static LogEntry points(String device, double value, long... times) {
    SeriesSpec spec = Writes.spec("s0", TSDataType.DOUBLE);
    return new LogEntry.InsertRows(
        Arrays.stream(times)
            .mapToObj(time -> new LogEntry.Row(device, false, time, List.of(spec), List.of(value)))
            .toList());
  }

  private void atCloud(LogEntry entry) throws Exception {
    cloud.write(entry, "root.v.d0");
  }

  private void deleteAtCloud(String series, long first, long last) throws Exception {
    List<PathPattern> patterns = List.of(PathPattern.parse(series));
    atCloud(new LogEntry.DeleteData(patterns, new TimeRange(first, last)));
  }

  /**
   * Seen to fail when digests do not leave rotten files out, and when one of two sending regions is
   * not waited for.
   */
  @Test
  void everyRottenFileIsHadFromTheSenderAndKeptForPeople() throws Exception {
    both.run(Long.MIN_VALUE);
    for (int batch = 0; batch < 3; batch++) {
      for (int device = 0; device < 6; device++) {
        edge.write(tablet("root.v.d" + device, batch * 100L, 100, 3), "root.v.d" + device);
      }
      shipped();
    }
    Map<String, String> before = cloud.points();
    assertThat(before).isEqualTo(edge.points()).hasSize(3 * 6 * 300);
    List<SealedFile> rotten = List.copyOf(files());
    for (SealedFile file : rotten) {
      rot(file);
    }
    assertThat(verify()).allMatch(report -> report.rottenFiles() == rotten.size());
    assertThat(verify().stream().flatMap(report -> report.differences().stream())).isNotEmpty();

    assertThat(bringBack())
        .hasSize(rotten.size())
        .allMatch(mended -> mended.state() == Mended.State.DONE);
    assertThat(cloud.points()).isEqualTo(before);
    assertThat(scrub().damaged()).isEmpty();
    assertThat(files()).doesNotContainAnyElementsOf(rotten).hasSize(rotten.size());
    for (SealedFile file : rotten) {
      assertThat(file.path()).doesNotExist();
      Path kept = file.path().resolveSibling("../rotten/" + file.path().getFileName()).normalize();
      assertThat(Files.size(kept)).isEqualTo(file.lengthBytes());
    }
    shipped();
    assertThat(bringBack()).isEmpty();

    cloud.stop();
    cloud.start();
    assertThat(cloud.points()).isEqualTo(before);
  }

  @Test
  void whatTheReceiversOwnClientsDidSinceStays() throws Exception {
    both.run(Long.MIN_VALUE);
    edge.write(tablet("root.v.d0", 0, 100, 2), "root.v.d0");
    shipped();
    SealedFile loaded = files().get(0);
    atCloud(points("root.v.d0", -1, 10));
    deleteAtCloud("root.v.d0.*", 20, 29);
    edge.write(points("root.v.d0", 7, 25), "root.v.d0");
    edge.write(points("root.v.d0", 8, 40), "root.v.d0");
    edge.flush();
    await().atMost(PATIENCE).until(() -> "7.0".equals(cloud.points().get("root.v.d0.s0 25")));
    Map<String, String> before = cloud.points();
    assertThat(before).hasSize(200 - 20 + 1).containsEntry("root.v.d0.s0 10", "-1.0");

    rot(loaded);
    assertThat(bringBack()).allMatch(mended -> mended.state() == Mended.State.DONE).hasSize(1);
    assertThat(cloud.points()).isEqualTo(before);
  }

  /** Seen to fail when older points of the receiver's own are not looked at. */
  @Test
  void whatTheReceiversOwnClientsWroteBeforeStaysToo() throws Exception {
    both.run(Long.MIN_VALUE);
    edge.write(tablet("root.v.d0", 0, 50, 1), "root.v.d0");
    shipped();
    atCloud(points("root.v.d0", -1, 10));
    edge.write(points("root.v.d0", 5, 0, 99), "root.v.d0");
    edge.flush();
    await().atMost(PATIENCE).until(() -> "5.0".equals(cloud.points().get("root.v.d0.s0 0")));
    Map<String, String> before = cloud.points();
    assertThat(before).containsEntry("root.v.d0.s0 10", "-1.0").hasSize(51);

    rot(files().stream().filter(file -> file.times().last() == 99).findFirst().orElseThrow());
    assertThat(bringBack()).allMatch(mended -> mended.state() == Mended.State.DONE).hasSize(1);
    assertThat(cloud.points()).isEqualTo(before);
  }

  @Test
  void whatTheSenderHasNotAnyMoreIsSaidToBeGone() throws Exception {
    both.run(Long.MIN_VALUE);
    long now = System.currentTimeMillis();
    edge.write(row("root.v.d0", "s", now - 5_000_000, 1), "root.v.d0");
    edge.write(row("root.v.d0", "s", now, 2), "root.v.d0");
    shipped();
    edge.setTtl("root.v", 3_600_000);
    rot(files().get(0));
    List<Mended> mended = bringBack();
    assertThat(mended).hasSize(1);
    assertThat(mended.get(0).state()).isEqualTo(Mended.State.DONE);
    assertThat(mended.get(0).text()).contains("has or sends nothing before").contains("1 points");
    assertThat(cloud.points()).containsOnlyKeys("root.v.d0.s " + now);
  }

  @Test
  void aFileOfTheReceiversOwnRowsIsNotTheSendersToBringBack() throws Exception {
    both.run(Long.MIN_VALUE);
    edge.write(tablet("root.v.d0", 0, 100, 2), "root.v.d0");
    shipped();
    atCloud(row("root.v.own", "s", 1, 1));
    cloud.flush();
    SealedFile own =
        files().stream().filter(file -> file.route().isHere()).findFirst().orElseThrow();
    rot(own);
    assertThat(bringBack()).isEmpty();
    assertThat(own.path()).exists();
    assertThat(target().rotten()).containsExactly(own);
  }
}
