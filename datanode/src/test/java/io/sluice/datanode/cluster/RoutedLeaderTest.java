package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.Patience;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region of three replicas; the second node leads, the first asks. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RoutedLeaderTest {
  private static final LogEntry ROWS = new LogEntry.InsertRows(List.of());

  /** Less than a call may take. */
  private static final Duration PATIENCE =
      Duration.ofMillis(ClusterOfFakes.ROUTES.answerTimeoutMs() / 2);

  private static final ScanRequest SCAN =
      new ScanRequest(
          List.of(new SeriesKey("root.v.d0", "s0")),
          List.of(TSDataType.INT64),
          new TimeRange(0, 10),
          false,
          0);

  @TempDir Path folder;
  private ClusterOfFakes cluster;
  private UUID id;
  private RegionAccess access;
  private final List<FakeRegion> replicas = new ArrayList<>();
  private ClusterOfFakes.Node second;
  private ClusterOfFakes.Node third;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder, 3);
    second = cluster.nodes.get(1);
    third = cluster.nodes.get(2);
    cluster.nodes.get(0).clusterRegions.regionForWriting("root.v.d0");
    id = UUID.fromString(cluster.configNode.catalogNow().getRegions().get(0).getUuid());
    cluster.configNode.change(
        catalog -> {
          for (RegionInfo region : catalog.getRegions()) {
            if (region.getUuid().equals(id.toString())) {
              region.setReplicas(cluster.nodes.stream().map(node -> node.id).toList());
            }
          }
        });
    for (ClusterOfFakes.Node node : cluster.nodes) {
      replicas.add(node.regions.add(id, "root.v"));
      node.catalog.refresh();
    }
    leadBy(1);
    access = cluster.nodes.get(0).routes.to(id);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  /** -1 for nobody. */
  private void leadBy(int index) {
    for (int i = 0; i < replicas.size(); i++) {
      replicas.get(i).leads = i == index;
      replicas.get(i).leader =
          index < 0 ? OptionalInt.empty() : OptionalInt.of(cluster.nodes.get(index).id);
    }
  }

  private static void applied(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void aNodeThatHoldsNoReplicaFollowsTheHint() {
    cluster.nodes.get(0).regions.regions.remove(id);
    leadBy(2);
    applied(access.propose(ROWS).join());
    applied(access.propose(ROWS).join());
    assertThat(replicas.get(2).entries).hasSize(2);
    assertThat(second.service).isNotNull();
  }

  @Test
  void aDeadLeadersSuccessorIsFoundAndRemembered() throws Exception {
    applied(access.propose(ROWS).join());
    second.die();
    leadBy(-1);
    CompletableFuture<ApplyResult> write = access.propose(ROWS);
    int asked = cluster.configNode.calls.get();
    Patience.await().until(() -> cluster.configNode.calls.get() > asked);
    leadBy(2);
    applied(write.join());
    assertThat(access.count(SCAN)).containsExactly(12);
    assertThat(replicas.get(2).entries).containsExactly(ROWS);
  }

  @Test
  void aLeaderThatHangsHoldsAWriteOnlyUntilAnotherLeads() throws Exception {
    applied(access.propose(ROWS).join());
    CountDownLatch goOn = new CountDownLatch(1);
    second.stopped = goOn;
    List<CompletableFuture<ApplyResult>> writes = new ArrayList<>();
    for (int i = 0; i < 10; i++) { // more than there are threads for calls
      writes.add(access.propose(ROWS));
    }
    CompletableFuture<long[]> count =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return access.count(SCAN);
              } catch (StatusException e) {
                throw new IllegalStateException(e);
              }
            });
    leadBy(2);
    for (CompletableFuture<ApplyResult> write : writes) {
      applied(write.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
    assertThat(count.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).containsExactly(12);
    assertThat(replicas.get(2).entries).hasSize(10);
    goOn.countDown();
  }

  @Test
  void aLeaderThatIsOnlySlowIsNotSentAnythingTwice() throws Exception {
    applied(access.propose(ROWS).join());
    CountDownLatch goOn = new CountDownLatch(1);
    second.stopped = goOn;
    CompletableFuture<ApplyResult> write = access.propose(ROWS);
    int questions = third.reader.open.get();
    Patience.await()
        .during(Duration.ofMillis(1_200)) // four times what makes it suspect
        .until(() -> !write.isDone());
    second.stopped = null;
    goOn.countDown();
    applied(write.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    assertThat(replicas.get(1).entries).hasSize(2);
    assertThat(replicas.get(2).entries).isEmpty();
    assertThat(third.reader.open.get()).isEqualTo(questions);
  }

  @Test
  void whatMustNotBeDoneTwiceIsNotSentAgainOnceItMayHaveArrived() {
    LogEntry once = new LogEntry.DeleteSeries(List.of(PathPattern.parse("root.v.**")));
    second.cutCalls.set(1);
    assertThat(access.propose(once).join())
        .isInstanceOfSatisfying(
            ApplyResult.Unavailable.class,
            lost -> {
              assertThat(lost.code()).isEqualTo(StatusCode.DISPATCH_ERROR);
              assertThat(lost.message()).contains("{id=" + second.id);
            });
    second.die();
    leadBy(2);
    replicas.get(0).leader = OptionalInt.of(second.id); // has not heard yet
    applied(access.propose(once).join());
    assertThat(replicas.get(2).entries).as("never reached the dead one").containsExactly(once);
  }

  @Test
  void aDeposedLeaderNeverAnswers() throws Exception {
    FakeRegion mine = replicas.get(0);
    leadBy(2);
    mine.leads = true; // does not know yet
    mine.record = new AppliedRecord(1, 1, 1);
    replicas.get(2).record = new AppliedRecord(1, 1, 2);
    Source source = new Source(UUID.randomUUID(), UUID.randomUUID());

    mine.barrier =
        CompletableFuture.completedFuture(
            new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, "deposed"));
    assertThat(access.syncState(source).record()).isEqualTo(new AppliedRecord(1, 1, 2));
    mine.barrier = new CompletableFuture<>(); // nobody answers it
    assertThat(access.syncState(source).record()).isEqualTo(new AppliedRecord(1, 1, 2));
    assertThat(access.count(SCAN)).containsExactly(12);
    assertThat(cluster.nodes.get(0).reader.last).isNull();
    assertThat(third.reader.last).isEqualTo(SCAN);
  }

  @Test
  void whileNobodyLeadsOnlyTheFirstCallsWait() {
    leadBy(-1);
    second.die();
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> access.count(SCAN))
        .withMessageContaining("has no leader that answers")
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.DISPATCH_ERROR));
    long startNs = System.nanoTime();
    assertThat(access.propose(ROWS).join()).isInstanceOf(ApplyResult.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - startNs))
        .isLessThan(Duration.ofMillis(ClusterOfFakes.ROUTES.movedMs() / 2));
    leadBy(0);
    applied(access.propose(ROWS).join());
  }

  @Test
  void aFileIsStagedWhereTheRegionIsLedNow() throws Exception {
    Path file = Files.write(folder.resolve("piece"), new byte[100]);
    second.die();
    leadBy(2);
    replicas.get(0).leader = OptionalInt.empty();
    access.stage(file, "piece.tsfile");
    assertThat(replicas.get(2).staging.resolve("piece.tsfile")).hasSize(100);
  }
}
