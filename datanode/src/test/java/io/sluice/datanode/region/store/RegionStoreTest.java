package io.sluice.datanode.region.store;

import static io.sluice.datanode.region.Writes.inMemory;
import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.series;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.RecordMismatch;
import io.sluice.datanode.region.ApplyResult.Refused;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.CreateSeries;
import io.sluice.datanode.region.entry.LogEntry.DeleteData;
import io.sluice.datanode.region.entry.LogEntry.DeleteSeries;
import io.sluice.datanode.region.entry.LogEntry.ForgetSource;
import io.sluice.datanode.region.entry.LogEntry.LoadDeletion;
import io.sluice.datanode.region.entry.LogEntry.LoadFile;
import io.sluice.datanode.region.entry.LogEntry.NewLeader;
import io.sluice.datanode.region.entry.LogEntry.Seal;
import io.sluice.datanode.region.entry.LogEntry.WriteLedger;
import io.sluice.datanode.region.image.ClientDeletions;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionStoreTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID REGION = new UUID(2, 2);
  private static final Source SOURCE = new Source(new UUID(3, 3), new UUID(4, 4));
  private static final String DEVICE = "root.x.d";

  @TempDir Path temp;
  private Path folder;
  private final FakeSealedFileWriter writer = new FakeSealedFileWriter();
  private final MemoryBudget memory = new MemoryBudget(1 << 30);
  private RegionStore store;
  private long index;

  @BeforeEach
  void create() throws Exception {
    folder = temp.resolve("region");
    RegionStore.create(folder, new ManifestIdentity(CLUSTER, REGION, "root.x"));
    store = open();
    store.goLive();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  private RegionStore open() throws IOException {
    return RegionStore.open(folder, CLUSTER, REGION, writer, memory, MissingFiles.NOWHERE);
  }

  private ApplyResult apply(LogEntry entry) throws IOException {
    return store.apply(1, ++index, entry, null);
  }

  private void flushAll() throws IOException {
    while (store.flushNext()) {
      assertThat(index).isPositive();
    }
  }

  private void seal() throws IOException {
    apply(new Seal());
    flushAll();
  }

  /** As after a crash: what the manifest has, and nothing else. */
  private void reopen() throws IOException {
    store.close();
    store = open();
    index = Math.max(0, store.image().index());
  }

  private static List<PathPattern> pattern(String path) {
    return List.of(PathPattern.parse(path));
  }

  // ------------------------------------------------------------ rows and schema

  @Test
  void rowsCreateSeriesAndRefuseAnotherType() throws Exception {
    assertThat(apply(row(DEVICE, "s", 1, 10))).isEqualTo(new Applied(1));
    LogEntry doubles = tablet(DEVICE, 0, 3, 1);
    assertThat(apply(doubles)).isInstanceOf(Applied.class);
    ApplyResult refused = apply(row(DEVICE, "s0", 1, 10));
    assertThat(refused)
        .isEqualTo(
            new Refused(
                StatusCode.METADATA_ERROR,
                "data type of root.x.d.s0 is not consistent, registered type DOUBLE,"
                    + " inserting type INT64"));
    assertThat(store.image().lastDataIndex()).isEqualTo(2);
    assertThat(store.image().index()).isEqualTo(3);
  }

  @Test
  void oneBadColumnRefusesTheWholeEntryAndCreatesNothing() throws Exception {
    apply(row(DEVICE, "s1", 1, 10));
    assertThat(apply(tablet(DEVICE, 0, 3, 3))).isInstanceOf(Refused.class);
    assertThat(store.image().series(pattern("root.**"))).hasSize(1);
  }

  @Test
  void anotherAlignmentIsRefused() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    SeriesInfo aligned = new SeriesInfo(DEVICE, true, series(DEVICE, "t", TSDataType.INT32).spec());
    assertThat(apply(new CreateSeries(List.of(aligned), false)))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.code()).isEqualTo(StatusCode.METADATA_ERROR));
  }

  @Test
  void aSeriesIsCreatedOnce() throws Exception {
    LogEntry create = new CreateSeries(List.of(series(DEVICE, "s", TSDataType.INT64)), false);
    assertThat(apply(create)).isInstanceOf(Applied.class);
    assertThat(apply(create))
        .isEqualTo(
            new Refused(StatusCode.SERIES_ALREADY_EXISTS, "Path [root.x.d.s] already exist"));
    assertThat(apply(new CreateSeries(List.of(series(DEVICE, "s", TSDataType.INT64)), true)))
        .isInstanceOf(Applied.class);
    assertThat(store.image().lastDataIndex()).isEqualTo(1);
  }

  @Test
  void aViewStaysAsItWasTaken() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    try (RegionView view = store.view()) {
      apply(row(DEVICE, "s", 2, 20));
      apply(new DeleteSeries(pattern("root.x.d.s")));
      seal();
      assertThat(inMemory(view, DEVICE, "s")).containsExactlyEntriesOf(Map.of(1L, 10L));
      assertThat(view.series(new SeriesKey(DEVICE, "s"))).isPresent();
      assertThat(view.hidden(new SeriesKey(DEVICE, "s"))).isEmpty();
      assertThat(view.appliedIndex()).isEqualTo(1);
    }
  }

  // ------------------------------------------------------------ ranges

  @Test
  void aSealedRangeIsVisibleFromMemoryThenFromItsFile() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    apply(new Seal());
    try (RegionView view = store.view()) {
      assertThat(view.files()).isEmpty();
      assertThat(view.memory().get(0).end()).isEqualTo(2);
      assertThat(inMemory(view, DEVICE, "s")).hasSize(1);
    }
    flushAll();
    try (RegionView view = store.view()) {
      assertThat(view.files()).hasSize(1);
      assertThat(inMemory(view, DEVICE, "s")).isEmpty();
    }
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void rangesWithoutPointsAdvanceWithoutAFile() throws Exception {
    apply(new NewLeader(99));
    seal();
    assertThat(store.durable().index()).isEqualTo(2);
    SealedFile nothing = store.firstSealedAfter(0).orElseThrow();
    assertThat(nothing.path()).isNull();
    assertThat(nothing.end()).isEqualTo(2);
    assertThat(store.firstSealedAfter(2)).isEmpty();
  }

  @Test
  void firstSealedAfterGoesFromFileToFile() throws Exception {
    for (int i = 0; i < 5; i++) {
      apply(row(DEVICE, "s", i, i));
      seal();
    }
    apply(row(DEVICE, "s", 9, 9));
    long position = 0;
    int files = 0;
    while (store.firstSealedAfter(position).isPresent()) {
      SealedFile next = store.firstSealedAfter(position).get();
      assertThat(next.end()).isGreaterThan(position);
      assertThat(next.path()).isRegularFile();
      position = next.end();
      files++;
    }
    assertThat(files).isEqualTo(5);
    assertThat(position).isEqualTo(store.durable().index());
  }

  @Test
  void bookkeepingIsNoDataToSeal() throws Exception {
    apply(new NewLeader(5));
    apply(new WriteLedger(ledger(1), 0));
    assertThat(store.unsealed().data()).isFalse();
    assertThat(store.unsealed().anything()).isTrue();
    assertThat(store.image().lastDataIndex()).isZero();
    seal();
    assertThat(store.unsealed().anything()).isFalse();
    apply(row(DEVICE, "s", 1, 1));
    assertThat(store.unsealed().data()).isTrue();
  }

  @Test
  void aFailedFlushLosesNothingAndIsTriedAgain() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    apply(new Seal());
    writer.failNext(2);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(store::flushNext).isInstanceOf(IOException.class);
      try (RegionView view = store.view()) {
        assertThat(inMemory(view, DEVICE, "s")).hasSize(1);
      }
    }
    flushAll();
    assertThat(store.durable().files()).hasSize(1);
  }

  @Test
  void afterACrashTheManifestIsExactlyItsIndex() throws Exception {
    apply(new NewLeader(7));
    apply(row(DEVICE, "s", 1, 10));
    seal();
    var sealed = store.durable();
    apply(row(DEVICE, "t", 2, 20));
    apply(new DeleteData(pattern("root.x.d.s"), TimeRange.ALL));
    apply(new WriteLedger(ledger(1), 0));
    reopen();
    assertThat(store.image().index()).isEqualTo(sealed.index());
    assertThat(store.image().term()).isEqualTo(1);
    assertThat(store.image().series(pattern("root.**"))).hasSize(1);
    assertThat(store.image().lineage().spans()).containsExactly(new Lineage.Span(1, 7));
    assertThat(store.image().ledgers()).isEmpty();
    assertThat(store.image().files()).isEqualTo(sealed.files());
  }

  @Test
  void filesOfRangesThatNeverBecameDurableAreRemoved() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    seal();
    Files.writeString(new RegionFolder(folder).sealed(99), "half a file");
    reopen();
    assertThat(new RegionFolder(folder).sealed(99)).doesNotExist();
    assertThat(store.image().files()).hasSize(1);
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    seal();
    Files.delete(store.durable().files().get(0).path());
    store.close();
    assertThatThrownBy(this::open)
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining(".tsfile");
    Files.writeString(new RegionFolder(folder).sealed(store.durable().index()), "root.x.d.s 1\n");
    store = open();
  }

  // ------------------------------------------------------------ deletions

  @Test
  void aDeletionSealsWhateverIsInMemory() throws Exception {
    apply(row("root.x.other", "s", 1, 10));
    apply(row(DEVICE, "s", 1, 10));
    apply(new DeleteData(pattern("root.x.none.*"), TimeRange.ALL));
    assertThat(store.flushWaits()).isFalse();
    apply(new DeleteData(pattern("root.x.d.*"), new TimeRange(0, 5)));
    assertThat(store.flushWaits()).isTrue();
    apply(row(DEVICE, "s", 2, 20));
    flushAll();
    SealedFile before = store.durable().files().get(0);
    assertThat(before.end()).isEqualTo(3);
    try (RegionView view = store.view()) {
      Hidden hidden = view.hidden(new SeriesKey(DEVICE, "s")).get(0);
      assertThat(hidden).isEqualTo(new Hidden(new TimeRange(0, 5), 4));
      assertThat(before.end()).isLessThan(hidden.atIndex());
      assertThat(inMemory(view, DEVICE, "s")).containsOnlyKeys(2L);
    }
    apply(new DeleteData(pattern("root.x.other.s"), TimeRange.ALL));
    assertThat(store.flushWaits()).isTrue();
  }

  @Test
  void aDeletedSeriesMayComeBackWithAnotherType() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    apply(new DeleteSeries(pattern("root.x.**")));
    assertThat(store.image().series(pattern("root.**"))).isEmpty();
    apply(
        new CreateSeries(
            List.of(new SeriesInfo(DEVICE, true, series(DEVICE, "s", TSDataType.TEXT).spec())),
            false));
    assertThat(store.image().series(new SeriesKey(DEVICE, "s")).orElseThrow().aligned()).isTrue();
    seal();
    reopen();
    SeriesInfo again = store.image().series(new SeriesKey(DEVICE, "s")).orElseThrow();
    assertThat(again.spec().type()).isEqualTo(TSDataType.TEXT);
    assertThat(store.view().hidden(new SeriesKey(DEVICE, "s")))
        .containsExactly(new Hidden(TimeRange.ALL, 2, Route.HERE, true));
  }

  private static LoadDeletion deletion(
      AppliedRecord expect, AppliedRecord set, String measurement) {
    Deletion.Device device = new Deletion.Device(DEVICE, List.of(measurement, "unknown"));
    return new LoadDeletion(
        SOURCE, expect, set, new Deletion(new TimeRange(0, 5), true, List.of(device)));
  }

  /** Seen to fail with origins left out of the manifest. */
  @Test
  void aDeletionOfASourceHidesOnlyWhatItBroughtAndTakesOnlyItsOwnSeries() throws Exception {
    apply(stage("a", null, record(5)));
    assertThat(apply(deletion(record(4), record(6), "s"))).isEqualTo(new RecordMismatch(record(5)));
    assertThat(apply(deletion(record(5), record(6), "s"))).isEqualTo(new Applied(3));
    assertThat(apply(deletion(record(5), record(6), "s"))).as("once").isEqualTo(new Applied(4));
    assertThat(store.image().series(pattern("root.**"))).as("nobody else's").isEmpty();
    apply(stage("b", record(6), record(7)));
    apply(row(DEVICE, "s", 3, 30));
    apply(deletion(record(7), record(8), "s"));
    assertThat(store.image().series(pattern("root.**"))).hasSize(1);
    seal();
    reopen();
    assertThat(store.image().series(pattern("root.**"))).as("rows from here").hasSize(1);
    try (RegionView view = store.view()) {
      Hidden hidden = view.hidden(new SeriesKey(DEVICE, "s")).get(1);
      List<Boolean> hides =
          view.files().stream().map(file -> hidden.hides(file.end(), file.route())).toList();
      assertThat(hides)
          .as("both that came, not the one from here")
          .containsExactly(true, true, false);
    }
    UUID third = new UUID(7, 7);
    assertThat(ClientDeletions.firstAfter(store.image(), 0, third).orElseThrow().index())
        .isEqualTo(3);
    assertThat(ClientDeletions.firstAfter(store.image(), 3, third).orElseThrow().route())
        .as("goes on with the way it came, whoever has written there")
        .isEqualTo(Route.of(SOURCE.clusterId()));
    assertThat(ClientDeletions.firstAfter(store.image(), 0, SOURCE.clusterId()))
        .as("never back")
        .isEmpty();
  }

  @Test
  void clientsDeletionsAreFoundOneByOneAndShareNoEndWithAFile() throws Exception {
    apply(row("root.x.other", "s", 1, 10));
    apply(row(DEVICE, "s", 1, 10));
    apply(new DeleteData(pattern("root.x.d.s"), new TimeRange(0, 5)));
    apply(row("root.x.other", "s", 2, 10));
    apply(new DeleteSeries(pattern("root.x.d.s")));
    apply(new DeleteData(pattern("root.x.other.s"), new TimeRange(9, 9)));
    apply(row("root.x.third", "s", 2, 10));
    apply(row(DEVICE, "t", 2, 10));
    apply(new DeleteData(pattern("root.x.d.t"), new TimeRange(0, 5)));
    seal();
    List<Long> ends = store.durable().files().stream().map(SealedFile::end).toList();
    List<Long> deletions = new ArrayList<>();
    var next = ClientDeletions.firstAfter(store.image(), 0, new UUID(7, 7));
    while (next.isPresent()) {
      deletions.add(next.get().index());
      next = ClientDeletions.firstAfter(store.image(), next.get().index(), new UUID(7, 7));
    }
    assertThat(deletions).as("the first is covered by the second").containsExactly(5L, 6L, 9L);
    assertThat(ends).doesNotContainAnyElementsOf(deletions);
    assertThat(
            ClientDeletions.firstAfter(store.image(), 0, new UUID(7, 7)).orElseThrow().deletion())
        .isEqualTo(
            new Deletion(TimeRange.ALL, true, List.of(new Deletion.Device(DEVICE, List.of("s")))));
  }

  // ------------------------------------------------------------ loading

  private LoadFile stage(String name, AppliedRecord expect, AppliedRecord set) throws IOException {
    Path staged = new RegionFolder(folder).staged(name);
    Files.writeString(staged, "file " + name);
    return new LoadFile(
        SOURCE,
        expect,
        set,
        name,
        Files.size(staged),
        DurableFiles.crc32c(staged),
        List.of(series(DEVICE, "s", TSDataType.INT64)),
        new TimeRange(1, 2));
  }

  private static AppliedRecord record(long at) {
    return new AppliedRecord(1, 1, at);
  }

  @Test
  void aPieceIsAppliedOnceHoweverOftenItComes() throws Exception {
    LoadFile first = stage("a", null, record(5));
    assertThat(apply(first)).isEqualTo(new Applied(1));
    assertThat(apply(first)).isEqualTo(new Applied(2));
    assertThat(apply(stage("b", null, record(9)))).isEqualTo(new RecordMismatch(record(5)));
    assertThat(apply(stage("c", record(4), record(9)))).isEqualTo(new RecordMismatch(record(5)));
    assertThat(apply(stage("d", record(5), record(9)))).isEqualTo(new Applied(5));
    try (RegionView view = store.view()) {
      assertThat(view.files()).extracting(SealedFile::end).containsExactly(1L, 5L);
      assertThat(view.files()).allMatch(SealedFile::loaded);
      assertThat(view.series(new SeriesKey(DEVICE, "s"))).isPresent();
    }
    assertThat(store.firstSealedAfter(0)).as("not durable yet").isEmpty();
    seal();
    assertThat(store.firstSealedAfter(0).orElseThrow().end()).isEqualTo(1);
    assertThat(store.image().records()).containsEntry(SOURCE, record(9));
  }

  @Test
  void aFileOfTheRightLengthWithOtherBytesDoesNotCountAsStaged() throws Exception {
    LoadFile load = stage("a", null, record(5));
    assertThat(store.staged(load)).isTrue();
    Files.writeString(new RegionFolder(folder).staged("a"), "file b");
    assertThat(store.staged(load)).isFalse();
  }

  @Test
  void theStagedNameGoesOnlyWhenADurableManifestListsTheFile() throws Exception {
    apply(stage("a", null, record(5)));
    Path staged = new RegionFolder(folder).staged("a");
    assertThat(staged).exists();
    reopen();
    assertThat(store.image().files()).isEmpty();
    assertThat(
            apply(
                new LoadFile(
                    SOURCE,
                    null,
                    record(5),
                    "a",
                    Files.size(staged),
                    DurableFiles.crc32c(staged),
                    List.of(series(DEVICE, "s", TSDataType.INT64)),
                    new TimeRange(1, 2))))
        .isInstanceOf(Applied.class);
    store.goLive();
    assertThat(staged).exists();
    seal();
    assertThat(staged).doesNotExist();
    assertThat(store.durable().files().get(0).path()).hasContent("file a");
    reopen();
    assertThat(store.image().files()).hasSize(1);
  }

  @Test
  void aLoadedFileStandsAfterRowsOfItsDevices() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    apply(stage("a", null, record(5)));
    apply(row(DEVICE, "s", 1, 30));
    flushAll();
    seal();
    assertThat(store.durable().files())
        .extracting(SealedFile::end)
        .as("rows before, the file, rows after")
        .containsExactly(1L, 2L, 4L);
  }

  @Test
  void conflictsRefuseTheWholePieceNamingEachSeries() throws Exception {
    apply(
        new CreateSeries(
            List.of(series(DEVICE, "s", TSDataType.DOUBLE), series(DEVICE, "t", TSDataType.DOUBLE)),
            false));
    LoadFile load = stage("a", null, record(5));
    LoadFile both =
        new LoadFile(
            SOURCE,
            null,
            record(5),
            "a",
            load.lengthBytes(),
            load.crc32c(),
            List.of(
                series(DEVICE, "s", TSDataType.INT64),
                series(DEVICE, "t", TSDataType.INT64),
                series(DEVICE, "u", TSDataType.INT64)),
            load.range());
    assertThat(apply(both))
        .isInstanceOfSatisfying(
            ApplyResult.Conflicts.class,
            refused ->
                assertThat(refused.conflicts())
                    .extracting(SeriesConflict::measurement)
                    .containsExactly("s", "t"));
    assertThat(store.image().records()).isEmpty();
    assertThat(store.image().series(new SeriesKey(DEVICE, "u"))).isEmpty();
    assertThat(new RegionFolder(folder).staged("a")).doesNotExist();
  }

  @Test
  void aFileThatIsNotTheOneAnnouncedStopsTheRegion() throws Exception {
    LoadFile load = stage("a", null, record(5));
    Files.writeString(new RegionFolder(folder).staged("a"), "file b");
    assertThatThrownBy(() -> apply(load)).isInstanceOf(RegionRefusedException.class);
  }

  @Test
  void leftoversInTheStagingFolderGoOnceTheLogIsReplayed() throws Exception {
    LoadFile load = stage("needed", null, record(5));
    Files.writeString(new RegionFolder(folder).staged("leftover"), "x");
    reopen();
    apply(load);
    assertThat(new RegionFolder(folder).staged("leftover")).exists();
    store.goLive();
    assertThat(new RegionFolder(folder).staged("leftover")).doesNotExist();
    assertThat(new RegionFolder(folder).staged("needed")).exists();
  }

  // ------------------------------------------------------------ ledgers

  private static Ledger ledger(long session) {
    return ledger(session, 2);
  }

  private static Ledger ledger(long session, long position) {
    return new Ledger(
        SOURCE,
        session,
        1,
        position,
        0,
        Lineage.EMPTY,
        List.of(),
        Map.of(),
        new Ledger.PipeFacts("p", 1, "127.0.0.1", "root.x", true));
  }

  @Test
  void onlyItsOwnSessionWritesALedger() throws Exception {
    assertThat(apply(new WriteLedger(ledger(11), 3))).isInstanceOf(Refused.class);
    assertThat(apply(new WriteLedger(ledger(11), 0))).isInstanceOf(Applied.class);
    assertThat(apply(new WriteLedger(ledger(12), 0))).isInstanceOf(Refused.class);
    assertThat(apply(new WriteLedger(ledger(12), 11))).isInstanceOf(Applied.class);
    assertThat(apply(new WriteLedger(ledger(11), 11))).isInstanceOf(Refused.class);
    assertThat(store.image().ledgers().get(SOURCE).session()).isEqualTo(12);
    seal();
    reopen();
    assertThat(store.image().ledgers().get(SOURCE)).isEqualTo(ledger(12));
  }

  /** A simulation of sender and receiver came upon it: its ledger went back from 9 to 5. */
  @Test
  void whatASessionWroteLateDoesNotBringItsPositionBack() throws Exception {
    apply(new WriteLedger(ledger(11, 2), 0));
    apply(new WriteLedger(ledger(11, 9), 11));
    assertThat(apply(new WriteLedger(ledger(11, 5), 11))).isInstanceOf(Refused.class);
    assertThat(store.image().ledgers().get(SOURCE)).isEqualTo(ledger(11, 9));
    assertThat(apply(new WriteLedger(ledger(12, 4), 11)))
        .as("a handshake may go back")
        .isInstanceOf(Applied.class);
  }

  @Test
  void forgettingASourceLeavesWhatANewerPipeWrote() throws Exception {
    apply(stage("a", null, new AppliedRecord(3, 1, 5)));
    apply(new WriteLedger(ledger(1), 0));
    apply(new ForgetSource(SOURCE, 2));
    assertThat(store.image().ledgers()).isEmpty();
    assertThat(store.image().records()).hasSize(1);
    apply(new ForgetSource(SOURCE, 3));
    assertThat(store.image().records()).containsValue(AppliedRecord.dropped(3));
    seal();
    reopen();
    assertThat(store.image().records()).containsValue(AppliedRecord.dropped(3));
  }

  @Test
  void nothingOfADroppedPipeComesInHoweverLate() throws Exception {
    LoadFile first = stage("a", null, new AppliedRecord(3, 1, 5));
    apply(new ForgetSource(SOURCE, 3));
    AppliedRecord mark = AppliedRecord.dropped(3);
    assertThat(apply(first)).as("its first piece").isEqualTo(new RecordMismatch(mark));
    LoadFile next = stage("b", mark, new AppliedRecord(4, 1, 5));
    assertThat(apply(next)).as("of the next pipe").isInstanceOf(Applied.class);
    assertThat(apply(new ForgetSource(SOURCE, 3))).isInstanceOf(Applied.class);
    assertThat(store.image().records()).containsValue(new AppliedRecord(4, 1, 5));
  }

  /** Bug put back and seen: rows that come behind the drop are taken. */
  @Test
  void behindADropNothingComesInAndItIsKnownAfterARestart() throws Exception {
    apply(row(DEVICE, "s", 1, 10));
    assertThat(apply(new LogEntry.DropDatabase())).isEqualTo(new Applied(2));
    assertThat(store.image().series(pattern("root.**"))).isEmpty();
    assertThat(store.image().droppedIndex()).isEqualTo(2);
    seal();
    reopen();
    Refused refused =
        new Refused(StatusCode.DATABASE_NOT_EXIST, "The database of this region was dropped");
    assertThat(apply(row(DEVICE, "s", 2, 20))).isEqualTo(refused);
    assertThat(apply(new CreateSeries(List.of(series(DEVICE, "t", TSDataType.INT64)), true)))
        .isEqualTo(refused);
    long again = index + 1;
    assertThat(apply(new LogEntry.DropDatabase())).isEqualTo(new Applied(again));
    assertThat(store.image().droppedIndex()).isEqualTo(2);
    assertThat(store.image().files()).as("pipes may want it").hasSize(1);
    assertThat(
            ClientDeletions.firstAfter(store.image(), 0, new UUID(7, 7))
                .orElseThrow()
                .deletion()
                .series())
        .isTrue();
  }
}
