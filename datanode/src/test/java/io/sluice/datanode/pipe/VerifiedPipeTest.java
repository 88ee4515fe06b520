package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.verify.Difference;
import io.sluice.datanode.verify.PipeVerifier;
import io.sluice.datanode.verify.Receiver;
import io.sluice.datanode.verify.RegionReport;
import io.sluice.datanode.verify.RowsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VERIFY PIPE between two clusters of one DataNode each, over a real connection. */
class VerifiedPipeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private EdgeAndCloud both;
  private OneNodeCluster edge;
  private OneNodeCluster cloud;

  @BeforeEach
  void start() throws Exception {
    both = new EdgeAndCloud(folder, 3);
    edge = both.edge;
    cloud = both.cloud;
  }

  @AfterEach
  void stop() {
    both.close();
  }

  private List<RegionReport> verify(long startTimeMs) throws Exception {
    return reports(startTimeMs, false);
  }

  private List<RegionReport> reports(long startTimeMs, boolean repairs) throws Exception {
    return reports(edge.pipes().receivers(), startTimeMs, repairs);
  }

  private List<RegionReport> reports(Receiver.Reaching receivers, long startTimeMs, boolean repairs)
      throws Exception {
    PipeVerifier verifier =
        new PipeVerifier(receivers, edge.pipes().rowsFiles(), edge.expiry(), MonotonicClock.SYSTEM);
    return both.onEveryRegion(
        (region, database) ->
            repairs
                ? verifier.repair(1, startTimeMs, region, database, both::feed)
                : verifier.verify(1, startTimeMs, region, database, both::feed));
  }

  private List<String> differences(long startTimeMs) throws Exception {
    return verify(startTimeMs).stream()
        .flatMap(report -> report.differences().stream())
        .map(VerifiedPipeTest::text)
        .sorted()
        .toList();
  }

  private static String text(Difference one) {
    return "%s %d..%d missing %d, changed %d, extra %d"
        .formatted(
            one.part().device(),
            one.span().first(),
            one.span().last(),
            one.missing(),
            one.changed(),
            one.extra());
  }

  private static void delete(OneNodeCluster cluster, String series, long first, long last)
      throws Exception {
    for (Region region : cluster.regions()) {
      List<PathPattern> patterns = List.of(PathPattern.parse(series));
      region.propose(new LogEntry.DeleteData(patterns, new TimeRange(first, last))).get();
    }
  }

  private long fileBytes() {
    long bytes = 0;
    for (Region region : edge.regions()) {
      try (RegionView view = region.view()) {
        bytes += view.files().stream().mapToLong(SealedFile::lengthBytes).sum();
      }
    }
    return bytes;
  }

  @Test
  void amongAMillionPointsTheOnesThatDifferAreFoundForAHundredthOfTheirBytes() throws Exception {
    for (int device = 0; device < 10; device++) {
      String name = "root.v.d" + device;
      for (int batch = 0; batch < 10; batch++) {
        edge.write(tablet(name, batch * 2_000L, 2_000, 5), name);
      }
    }
    both.run(Long.MIN_VALUE);
    List<RegionReport> equal = verify(Long.MIN_VALUE);
    assertThat(equal).allMatch(report -> report.differences().isEmpty());
    assertThat(equal.stream().mapToLong(RegionReport::rows).sum()).isEqualTo(200_000);
    assertThat(equal.stream().mapToLong(RegionReport::devices).sum()).isEqualTo(10);

    cloud.write(tablet("root.v.d3", 7_777_000, 1, 5), "root.v.d3");
    delete(cloud, "root.v.d5.*", 12_345, 12_345);
    delete(cloud, "root.v.d8.s2", 19_999, 19_999);
    List<RegionReport> reports = verify(Long.MIN_VALUE);
    assertThat(reports.stream().flatMap(one -> one.differences().stream()))
        .extracting(VerifiedPipeTest::text)
        .containsExactlyInAnyOrder(
            "root.v.d3 7777000..7777000 missing 0, changed 0, extra 1",
            "root.v.d5 12345..12345 missing 1, changed 0, extra 0",
            "root.v.d8 19999..19999 missing 0, changed 1, extra 0");
    long exchanged = reports.stream().mapToLong(RegionReport::exchangedBytes).sum();
    assertThat(exchanged).isLessThan(fileBytes() / 100);
  }

  @Test
  void whatIsNotThePipesToSendIsNotCompared() throws Exception {
    edge.write(tablet("root.v.d", 0, 500, 2), "root.v.d");
    both.run(200);
    cloud.write(row("root.other.d", "s", 1, 1), "root.other.d");
    await().atMost(PATIENCE).until(() -> cloud.points().size() == 2 * 300 + 1);
    cloud.write(row("root.v.d", "only_there", 300, 1), "root.v.d");
    cloud.write(tablet("root.v.d", 100, 5, 2), "root.v.d");
    assertThat(differences(200)).isEmpty();
  }

  @Test
  void rowsThatAreWrittenMeanwhileAreNotReported() throws Exception {
    both.run(Long.MIN_VALUE);
    edge.write(tablet("root.v.d", 0, 500, 2), "root.v.d");
    Thread writer =
        new Thread(
            () -> {
              for (long time = 500; !Thread.currentThread().isInterrupted(); time++) {
                try {
                  edge.write(tablet("root.v.d", time, 1, 2), "root.v.d");
                  edge.write(tablet("root.v.e", time % 50, 1, 2), "root.v.e");
                } catch (Exception e) {
                  return;
                }
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 5; i++) {
        assertThat(differences(Long.MIN_VALUE)).isEmpty();
      }
    } finally {
      writer.interrupt();
      writer.join();
    }
  }

  @Test
  void aRepairSendsWhatTheReceiverLacksAndNoMore() throws Exception {
    for (int device = 0; device < 4; device++) {
      edge.write(tablet("root.v.d" + device, 0, 500, 3), "root.v.d" + device);
    }
    both.run(100);
    assertThat(differences(100)).isEmpty();
    delete(cloud, "root.v.d1.*", 150, 160);
    delete(cloud, "root.v.d1.s2", 300, 300);
    delete(cloud, "root.v.d2.*", 499, 499);
    cloud.write(row("root.v.d3", "only_there", 7, 7), "root.v.d3");
    cloud.write(tablet("root.v.d3", 900, 1, 3), "root.v.d3");
    Map<String, String> wanted = new TreeMap<>(edge.points());
    wanted.keySet().removeIf(key -> Long.parseLong(key.substring(key.indexOf(' ') + 1)) < 100);
    cloud.points().keySet().stream()
        .filter(key -> key.contains("only_there") || key.endsWith(" 900"))
        .forEach(key -> wanted.put(key, "extra"));
    assertThat(reports(100, true).stream().mapToLong(report -> report.differences().size()).sum())
        .isEqualTo(4);
    assertThat(differences(100))
        .containsExactly("root.v.d3 900..900 missing 0, changed 0, extra 1");
    Map<String, String> arrived = new TreeMap<>(cloud.points());
    arrived.replaceAll(
        (key, value) -> wanted.getOrDefault(key, "").equals("extra") ? "extra" : value);
    assertThat(arrived).isEqualTo(wanted);
    for (Region region : edge.regions()) {
      assertThat(region.resends(1).stream().flatMap(resend -> resend.parts().stream()))
          .allMatch(part -> part.times().last() - part.times().first() <= 10);
    }
  }

  @Test
  void aRepairIsSentByTheNextProcessToo() throws Exception {
    edge.write(tablet("root.v.d", 0, 500, 3), "root.v.d");
    both.run(Long.MIN_VALUE);
    assertThat(differences(Long.MIN_VALUE)).isEmpty();
    delete(cloud, "root.v.d.*", 20, 30);
    cloud.stop();
    List<Resend.Part> parts = List.of(new Resend.Part("root.v.d", new TimeRange(20, 30)));
    edge.write(new LogEntry.SendAgain(1, parts), "root.v.d");
    edge.stop();
    edge.start();
    cloud.start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cloud.points()).isEqualTo(edge.points()));
  }

  @Test
  void aReceiverThatIsAwayIsSaidToBe() throws Exception {
    both.run(Long.MIN_VALUE);
    edge.write(tablet("root.v.d", 0, 50, 2), "root.v.d");
    assertThat(differences(Long.MIN_VALUE)).isEmpty();
    cloud.stop();
    try {
      assertThatThrownBy(() -> verify(Long.MIN_VALUE))
          .isInstanceOf(StatusException.class)
          .hasMessageContaining(
              "the receiver cannot be asked: connection to 127.0.0.1:" + cloud.port());
    } finally {
      cloud.start();
    }
  }

  /** Seen failing with questions that are asked once. */
  @Test
  void aQuestionThatTheReceiverDiesOverIsAskedAgain() throws Exception {
    edge.write(tablet("root.v.d", 0, 500, 2), "root.v.d");
    both.run(Long.MIN_VALUE);
    assertThat(differences(Long.MIN_VALUE)).isEmpty();
    delete(cloud, "root.v.d.*", 20, 30);
    Receiver.Reaching restarting =
        (pipe, region, database, alsoAt) ->
            new RestartedReceiver(
                edge.pipes().receivers().reach(pipe, region, database, alsoAt), cloud);
    assertThat(
            reports(restarting, Long.MIN_VALUE, false).stream()
                .flatMap(report -> report.differences().stream()))
        .extracting(VerifiedPipeTest::text)
        .containsExactly("root.v.d 20..30 missing 11, changed 0, extra 0");
  }

  /** Is another process by the time it is asked. */
  private record RestartedReceiver(Receiver real, OneNodeCluster node) implements Receiver {
    @Override
    public UUID clusterId() {
      return real.clusterId();
    }

    @Override
    public String named() {
      return real.named();
    }

    @Override
    public List<RangeHash> ranges(List<DigestSpans> parts) throws StatusException {
      try {
        node.stop();
        node.start();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      return real.ranges(parts);
    }

    @Override
    public RowPage rows(DigestPart part, TimeSpan span) throws StatusException {
      return real.rows(part, span);
    }

    @Override
    public List<RottenFile> rotten() throws StatusException {
      return real.rotten();
    }

    @Override
    public Mended mend(RottenFile file, RowsFiles.Written rows, long sentFromMs)
        throws StatusException {
      return real.mend(file, rows, sentFromMs);
    }

    @Override
    public long exchangedBytes() {
      return real.exchangedBytes();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
