package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.Source;
import io.sluice.datanode.Patience;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.read.common.block.TsBlock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionRoutesTest {
  private static final ScanRequest SCAN =
      new ScanRequest(
          List.of(new SeriesKey("root.v.d0", "s0"), new SeriesKey("root.v.d0", "`x.y`")),
          List.of(TSDataType.INT64, TSDataType.TEXT),
          new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE),
          true,
          7);

  @TempDir Path folder;
  private ClusterOfFakes cluster;
  private ClusterOfFakes.Node here;
  private ClusterOfFakes.Node there;
  private FakeRegion remote;
  private FakeRegion local;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder, 2);
    here = cluster.nodes.get(0);
    there = cluster.nodes.get(1);
    here.clusterRegions.regionForWriting("root.v.d0");
    local = here.regions.regions.values().iterator().next();
    remote = there.regions.regions.values().iterator().next();
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private RegionAccess toRemote() {
    return here.routes.to(remote.id);
  }

  @Test
  void anEntryGoesToTheNodeThatHoldsTheRegion() {
    LogEntry entry = new LogEntry.DeleteSeries(List.of(PathPattern.parse("root.v.**")));
    assertThat(toRemote().propose(entry).join()).isEqualTo(new ApplyResult.Applied(1));
    assertThat(remote.entries).containsExactly(entry);
    assertThat(here.routes.to(local.id).propose(entry).join())
        .isEqualTo(new ApplyResult.Applied(1));
    assertThat(local.entries).containsExactly(entry);
    assertThat(toRemote().flush().join()).isEqualTo(new ApplyResult.Applied(2));
  }

  @Test
  void everyOutcomeArrivesAsItWas() {
    for (ApplyResult outcome :
        List.of(
            new ApplyResult.Applied(7, new SharedDevice("root.v.d", new UUID(3, 4))),
            new ApplyResult.Refused(StatusCode.METADATA_ERROR, "type of s0 differs"),
            new ApplyResult.Unavailable(StatusCode.WRITE_REJECTED, "memory"),
            new ApplyResult.RecordMismatch(new AppliedRecord(3, -5, 77)),
            new ApplyResult.RecordMismatch(null))) {
      remote.answer = outcome;
      assertThat(toRemote().propose(new LogEntry.Seal()).join()).isEqualTo(outcome);
    }
  }

  @Test
  void seriesAndCountsComeFromTheOtherNode() throws Exception {
    SeriesInfo series =
        new SeriesInfo(
            "root.v.d0",
            true,
            new SeriesSpec(
                "`x.y`", TSDataType.STRING, TSEncoding.DICTIONARY, CompressionType.ZSTD));
    remote.series.add(series);
    assertThat(toRemote().series(List.of(PathPattern.parse("root.v.**")))).containsExactly(series);
    assertThat(toRemote().series(List.of(PathPattern.parse("root.w.**")))).isEmpty();
    assertThat(toRemote().count(SCAN)).containsExactly(12, 12);
    assertThat(there.reader.last).isEqualTo(SCAN);
    assertThat(remote.openViews).hasValue(0);
  }

  @Test
  void aScanComesBlockByBlock() throws Exception {
    List<Long> times = new ArrayList<>();
    try (RowBlocks rows = toRemote().scan(SCAN)) {
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        for (int row = 0; row < block.getPositionCount(); row++) {
          assertThat(block.getColumn(0).getLong(row)).isEqualTo(block.getTimeByIndex(row));
          assertThat(block.getColumn(1).isNull(row)).isTrue();
          times.add(block.getTimeByIndex(row));
        }
      }
      assertThat(rows.next()).isNull();
    }
    assertThat(times).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(there.reader.last).isEqualTo(SCAN);
    assertThat(there.reader.open).hasValue(0);
    assertThat(there.service.openScans()).isZero();
  }

  @Test
  void aScanThatIsGivenUpIsClosedThere() throws Exception {
    there.reader.blocks = 1_000;
    RowBlocks rows = toRemote().scan(SCAN);
    rows.next();
    rows.next();
    assertThat(there.reader.open).hasValue(1);
    rows.close();
    Patience.await().untilAsserted(() -> assertThat(there.reader.open).hasValue(0));
    assertThat(remote.openViews).hasValue(0);
  }

  @Test
  void whatBreaksInTheMiddleOfAScanIsSaid() throws Exception {
    there.reader.failsAt = 1;
    try (RowBlocks rows = toRemote().scan(SCAN)) {
      assertThat(rows.next().getPositionCount()).isEqualTo(4);
      assertThatExceptionOfType(StatusException.class)
          .isThrownBy(rows::next)
          .withMessage("damaged on purpose");
    }
    assertThat(there.service.openScans()).isZero();
  }

  @Test
  void aBlockTooLargeForAFrameComesInParts() throws Exception {
    there.reader.rowsPerBlock = 3_000_000;
    there.reader.blocks = 1;
    long rowsSeen = 0;
    int blocks = 0;
    try (RowBlocks rows = toRemote().scan(SCAN)) {
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        assertThat(block.getTimeByIndex(0)).isEqualTo(rowsSeen);
        rowsSeen += block.getPositionCount();
        blocks++;
      }
    }
    assertThat(rowsSeen).isEqualTo(3_000_000);
    assertThat(blocks).isGreaterThan(1);
  }

  @Test
  void aDeadNodeIsNamed() {
    RegionAccess access = toRemote();
    there.die();
    String name =
        "{id="
            + there.id
            + ", internalEndPoint=TEndPoint(ip:127.0.0.1, port:"
            + there.server.port()
            + ")}";
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> access.count(SCAN))
        .withMessage("Connection refused on DataNode: " + name)
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.DISPATCH_ERROR));
    assertThat(access.propose(new LogEntry.Seal()).join())
        .isEqualTo(
            new ApplyResult.Unavailable(
                StatusCode.DISPATCH_ERROR, "Connection refused on DataNode: " + name));
  }

  @Test
  void aRegionThatIsNotThereYetIsWaitedFor() throws Exception {
    UUID id = remote.id;
    there.regions.regions.clear();
    CompletableFuture<ApplyResult> write = toRemote().propose(new LogEntry.Seal());
    int asked = cluster.configNode.calls.get();
    Patience.await().until(() -> cluster.configNode.calls.get() > asked);
    FakeRegion late = there.regions.add(id, "root.v");

    assertThat(write.join()).isEqualTo(new ApplyResult.Applied(1));
    assertThat(late.entries).hasSize(1);
  }

  @Test
  void aRegionWithoutLeaderIsNotRead() {
    local.leads = false;
    remote.leads = false;
    for (UUID id : List.of(local.id, remote.id)) {
      assertThatExceptionOfType(StatusException.class)
          .isThrownBy(() -> here.routes.to(id).count(SCAN))
          .withMessageContaining("has no leader")
          .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.DISPATCH_ERROR));
    }
  }

  @Test
  void aRegionThatMovedIsFoundWithTheNewCatalog() throws Exception {
    UUID id = remote.id;
    there.regions.regions.clear();
    FakeRegion moved = here.regions.add(id, "root.v");
    cluster.configNode.change(
        catalog -> {
          for (RegionInfo region : catalog.getRegions()) {
            if (region.getUuid().equals(id.toString())) {
              region.setReplicas(List.of(here.id));
            }
          }
        });

    assertThat(toRemote().propose(new LogEntry.Seal()).join())
        .isEqualTo(new ApplyResult.Applied(1));
    assertThat(moved.entries).hasSize(1);
  }

  @Test
  void aRegionThatWasDroppedIsNotWaitedFor() {
    there.regions.regions.clear();
    cluster.configNode.change(
        catalog -> {
          catalog.getDatabases().clear();
          catalog.getRegions().clear();
        });
    assertThat(toRemote().propose(new LogEntry.Seal()).join())
        .isInstanceOfSatisfying(
            ApplyResult.Unavailable.class,
            gone -> assertThat(gone.code()).isEqualTo(StatusCode.DATABASE_NOT_EXIST));
  }

  @Test
  void aReadOnlyNodeTakesDeletionsButNoRows() {
    there.readOnly = true;
    Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
    for (LogEntry growing :
        List.of(
            new LogEntry.InsertRows(List.of()),
            new LogEntry.CreateSeries(List.of(), true),
            new LogEntry.LoadFile(
                source,
                null,
                new AppliedRecord(1, 1, 1),
                "piece",
                1,
                1,
                List.of(),
                new TimeRange(0, 1)))) {
      assertThat(toRemote().propose(growing).join())
          .isInstanceOfSatisfying(
              ApplyResult.Unavailable.class,
              refused -> assertThat(refused.code()).isEqualTo(StatusCode.READ_ONLY));
    }
    LogEntry deletion = new LogEntry.DeleteSeries(List.of(PathPattern.parse("root.v.**")));
    assertThat(toRemote().propose(deletion).join()).isEqualTo(new ApplyResult.Applied(1));
  }

  @Test
  void syncStateComesWithRecordAndLedger() throws Exception {
    Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
    assertThat(toRemote().syncState(source)).isEqualTo(new RegionAccess.SyncState(null, null));
    AppliedRecord record = new AppliedRecord(1, 2, 3);
    Ledger ledger =
        new Ledger(
            source,
            9,
            1,
            3,
            0,
            new Lineage(List.of(new Lineage.Span(1, 2))),
            List.of(remote.id),
            Map.of(remote.id, record),
            new Ledger.PipeFacts("p", 5, "127.0.0.1", "root.v", true));
    remote.record = record;
    remote.ledgers.add(ledger);
    assertThat(toRemote().syncState(source)).isEqualTo(new RegionAccess.SyncState(record, ledger));
  }

  @Test
  void aFileIsStagedWithTheSameBytesHereAndThere() throws Exception {
    byte[] bytes = new byte[(9 << 20) + 17];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("piece"), bytes);
    for (FakeRegion region : List.of(local, remote)) {
      RegionAccess access = here.routes.to(region.id);
      access.stage(file, "piece-1.tsfile");
      access.stage(file, "piece-1.tsfile");
      assertThat(Files.readAllBytes(region.staging.resolve("piece-1.tsfile"))).isEqualTo(bytes);
      try (var names = Files.list(region.staging)) {
        assertThat(names).as("nothing else is left").hasSize(1);
      }
    }
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    toRemote().stage(empty, "empty");
    assertThat(remote.staging.resolve("empty")).isEmptyFile();
  }

  @Test
  void receivedPipesOfAllNodesAreOneRowEach() throws Exception {
    Ledger.PipeFacts facts = new Ledger.PipeFacts("p", 5, "10.0.0.1", "root.v", true);
    for (FakeRegion region : List.of(local, remote)) {
      region.ledgers.add(
          new Ledger(
              new Source(UUID.randomUUID(), UUID.randomUUID()),
              1,
              1,
              0,
              0,
              Lineage.EMPTY,
              List.of(),
              Map.of(),
              facts));
    }
    ReceivingCluster receiving =
        new ReceivingCluster(here.id, here.catalog, here.regions, here.routes, address -> false);
    assertThat(receiving.pipes())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getName()).isEqualTo("p");
              assertThat(row.getDatabase()).isEqualTo("root.v");
              assertThat(row.getSenderAddress()).isEqualTo("10.0.0.1");
            });

    local.ledgers.clear();
    CountDownLatch goOn = new CountDownLatch(1);
    there.stopped = goOn;
    assertThat(receiving.pipes()).as("a node that hangs is left out").isEmpty();
    goOn.countDown();
    there.die();
    assertThat(receiving.pipes()).as("a node that does not answer is left out").isEmpty();
  }
}
