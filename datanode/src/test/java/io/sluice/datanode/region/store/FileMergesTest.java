package io.sluice.datanode.region.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.StoredPoints;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.Compact;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges on a region's store with real files. Seen to fail with files removed under a reader. */
class FileMergesTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID REGION = new UUID(2, 2);

  /** Times below 0 come from elsewhere only, the others from here only. */
  private static final String SHARED = "root.x.shared";

  private static final Source SOURCE = new Source(new UUID(3, 3), new UUID(4, 4));
  private static final SealedFileWriter WRITER = new TsFileSealer(SealOptions.DEFAULT);
  private static final SealedFileMerger MERGER = new TsFileMerger(SealOptions.DEFAULT);

  @TempDir Path temp;
  private final StoredPoints reader = new StoredPoints();
  private final Map<String, Long> expected = new TreeMap<>();

  /** Path and time of the points that were last written by a loaded file. */
  private final Map<String, Boolean> fromElsewhere = new HashMap<>();

  private final List<LogEntry> log = new ArrayList<>();
  private final List<Long> deletions = new ArrayList<>();
  private Path folder;
  private RegionStore store;
  private AppliedRecord record;
  private int folders;

  /** Entries since all was flushed that may have closed a range. */
  private int closed;

  private static final class CrashedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void create() throws Exception {
    folder = temp.resolve("region-" + folders++);
    RegionStore.create(folder, new ManifestIdentity(CLUSTER, REGION, "root.x"));
    log.clear();
    expected.clear();
    fromElsewhere.clear();
    deletions.clear();
    record = null;
    open();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    reader.close();
  }

  private void open() throws IOException {
    MemoryBudget memory = new MemoryBudget(1 << 30);
    store = RegionStore.open(folder, CLUSTER, REGION, WRITER, memory, MissingFiles.NOWHERE);
    for (long index = store.image().index() + 1; index < log.size(); index++) {
      store.apply(1, index, log.get((int) index), null);
      flushWhenManyWait(log.get((int) index));
    }
    store.goLive();
  }

  /** As after a crash: what is durable, and the log behind it. */
  private void reopen() throws IOException {
    store.close();
    open();
  }

  private long apply(LogEntry entry) throws IOException {
    log.add(entry);
    assertThat(store.apply(1, log.size() - 1, entry, null)).isInstanceOf(Applied.class);
    flushWhenManyWait(entry);
    return log.size() - 1;
  }

  /** Applying would wait for the flusher, which is the same thread here. */
  private void flushWhenManyWait(LogEntry entry) throws IOException {
    boolean mayClose =
        !(entry instanceof LogEntry.InsertRows) && !(entry instanceof LogEntry.Compact);
    if (mayClose && ++closed >= 3) {
      flush();
    }
  }

  private void write(String device, long time, long value) throws IOException {
    apply(Writes.row(device, "s", time, value));
    put(device, time, value, false);
  }

  private void put(String device, long time, long value, boolean loaded) {
    expected.put(device + ".s " + time, value);
    fromElsewhere.put(device + ".s " + time, loaded);
  }

  private void delete(String device, long first, long last) throws IOException {
    deletions.add(
        apply(
            new LogEntry.DeleteData(
                List.of(PathPattern.parse(device + ".s")), new TimeRange(first, last))));
    for (long time = first; time <= last; time++) {
      expected.remove(device + ".s " + time);
    }
  }

  /** The loading cluster deletes its own again: of times below 0, which nobody else writes. */
  private void deleteFromElsewhere(String device, long first, long last) throws IOException {
    if (record == null) {
      return;
    }
    AppliedRecord set = new AppliedRecord(1, 9, log.size());
    Deletion.Device series = new Deletion.Device(device, List.of("s"));
    Deletion deletion = new Deletion(new TimeRange(first, last), false, List.of(series));
    deletions.add(apply(new LogEntry.LoadDeletion(SOURCE, record, set, deletion)));
    record = set;
    for (long time = first; time <= Math.min(last, -1); time++) {
      expected.remove(device + ".s " + time);
    }
  }

  private void load(String device, long firstTime, int count, long value) throws IOException {
    String name = "piece-" + log.size();
    Path staged = store.folder().staged(name);
    long[] times = new long[count];
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      times[i] = firstTime + i;
      values[i] = value + i;
      put(device, times[i], values[i], true);
    }
    SeriesInfo series = Writes.series(device, "s", TSDataType.INT64);
    var column =
        new SealedFileWriter.Column(
            series.spec(), new PointBatch(TSDataType.INT64, times, values, count));
    var facts =
        WRITER.write(
            staged,
            List.of(new SealedFileWriter.DevicePoints(device, false, List.of(column))).iterator());
    AppliedRecord set = new AppliedRecord(1, 9, log.size());
    apply(
        new LogEntry.LoadFile(
            SOURCE,
            record,
            set,
            name,
            facts.lengthBytes(),
            facts.crc32c(),
            List.of(series),
            facts.times()));
    record = set;
  }

  private void seal() throws IOException {
    apply(new LogEntry.Seal());
    flush();
  }

  private void flush() throws IOException {
    while (store.flushNext()) {
      assertThat(store.durable().index()).isNotNegative();
    }
    closed = 0;
  }

  private void merge() throws IOException {
    while (store.mergeNext(MERGER, reader.files()::forget)) {
      assertThat(store.durable().files()).isNotEmpty();
    }
  }

  private void check() throws Exception {
    assertThat(reader.of(store::view)).isEqualTo(expected);
  }

  /** Nothing is in the folder that the region does not list. */
  private void checkFolder() throws IOException {
    try (var present = Files.list(store.folder().files())) {
      assertThat(present)
          .containsExactlyInAnyOrderElementsOf(
              store.image().files().stream().map(SealedFile::path).toList());
    }
  }

  /** Twelve files, written and loaded, with points overwritten and deleted. */
  private long twelveFiles() throws Exception {
    for (int i = 0; i < 6; i++) {
      write("root.x.d1", 10, i);
      write("root.x.d1", 20 + i, i);
      load("root.x.d2", 100 + i, 5, 1_000 * i);
      write("root.x.d2", 102 + i, -i);
      if (i == 3) {
        delete("root.x.d1", 20, 22);
      }
      seal();
    }
    check();
    assertThat(store.durable().files()).hasSizeGreaterThanOrEqualTo(12);
    return store.durable().index();
  }

  @Test
  void filesOfEachOriginBecomeOneWithTheSamePoints() throws Exception {
    long last = twelveFiles();
    apply(new Compact(-1, last, true));
    merge();
    check();
    checkFolder();
    assertThat(store.durable().files()).hasSize(2);
    for (SealedFile file : store.durable().files()) {
      Map<String, Long> own = new TreeMap<>();
      try (RegionView view = oneFile(file)) {
        assertThat(view.files()).hasSize(1);
      }
      own.putAll(reader.of(() -> oneFile(file)));
      Map<String, Long> wanted = new TreeMap<>(expected);
      wanted.keySet().removeIf(key -> fromElsewhere.get(key) != file.loaded());
      assertThat(own).isEqualTo(wanted);
    }
    reopen();
    check();
    checkFolder();
  }

  /** The region with one file of it only. */
  private RegionView oneFile(SealedFile file) {
    var image = store.image().withFiles(List.of(file));
    return new StoreView(image, List.of(), new FilePins().pin());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCrashAtAnyStepLosesAndDoublesNothing(boolean orderIsDurable) throws Exception {
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      store.close();
      create();
      long last = twelveFiles();
      apply(new Compact(-1, last, true));
      write("root.x.d1", 10, 77);
      if (orderIsDurable) {
        seal();
      }
      AtomicInteger left = new AtomicInteger(steps++);
      crashed = false;
      try {
        while (store.mergeNext(MERGER, path -> {}, () -> countDown(left))) {
          check();
        }
      } catch (CrashedException e) {
        crashed = true;
      }
      reopen();
      check();
      checkFolder();
      flush();
      apply(new Compact(-1, last, true));
      merge();
      check();
      assertThat(store.durable().files()).hasSizeLessThanOrEqualTo(3);
      checkFolder();
    }
    assertThat(steps).isGreaterThan(12);
  }

  private static void countDown(AtomicInteger left) {
    if (left.getAndDecrement() == 0) {
      throw new CrashedException();
    }
  }

  @Test
  void aReaderThatBeganBeforeReadsOnAndItsFilesGoWhenItEnds() throws Exception {
    long last = twelveFiles();
    List<Path> old = store.durable().files().stream().map(SealedFile::path).toList();
    SeriesInfo series = Writes.series("root.x.d2", "s", TSDataType.INT64);
    long read = 0;
    try (RowBlocks rows = reader.rows(store.view(), series)) {
      apply(new Compact(-1, last, true));
      merge();
      assertThat(old).allSatisfy(path -> assertThat(path).exists());
      try (RegionView later = store.view()) {
        assertThat(later.files()).hasSize(2);
      }
      assertThat(old).allSatisfy(path -> assertThat(path).exists());
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        read += block.getPositionCount();
      }
    }
    assertThat(read)
        .isEqualTo(expected.keySet().stream().filter(key -> key.contains("d2")).count());
    assertThat(old).allSatisfy(path -> assertThat(path).doesNotExist());
    checkFolder();
  }

  @Test
  void anImageThatIsBeingCopiedKeepsItsFiles() throws Exception {
    long last = twelveFiles();
    try (DurableImage image = store.openImage()) {
      apply(new Compact(-1, last, true));
      merge();
      for (DurableImage.Entry entry : image.entries()) {
        assertThat(Files.size(entry.path())).isEqualTo(entry.lengthBytes());
        assertThat(DurableFiles.crc32c(entry.path())).isEqualTo(entry.crc32c());
      }
    }
    check();
  }

  @Test
  void aMergeWaitsForItsRangesAndEndsWhenTheStoreCloses() throws Exception {
    write("root.x.d1", 1, 1);
    seal();
    write("root.x.d1", 2, 2);
    long sealed = apply(new LogEntry.Seal());
    apply(new Compact(-1, sealed, true));
    assertThat(store.mergeOrdered()).isTrue();
    assertThat(store.mergeWaits()).isFalse();
    assertThat(store.mergeNext(MERGER, path -> {})).isFalse();
    flush();
    assertThat(store.mergeWaits()).isTrue();
    store.beginClose();
    assertThat(store.mergeNext(MERGER, path -> {})).isFalse();
    reopen();
    flush();
    merge();
    check();
    assertThat(store.durable().files()).hasSize(1);
  }

  @Test
  void aDamagedFileIsNotMerged() throws Exception {
    long last = twelveFiles();
    Path rotten = store.durable().files().get(3).path();
    byte[] bytes = Files.readAllBytes(rotten);
    bytes[bytes.length / 3] ^= 4;
    Files.write(rotten, bytes);
    apply(new Compact(-1, last, true));
    assertThatThrownBy(() -> store.mergeNext(MERGER, path -> {}))
        .hasMessageContaining(rotten.getFileName().toString());
    store.passOverMerge();
    assertThat(store.mergeOrdered()).isFalse();
    checkFolder();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void anyHistoryShowsTheSamePoints(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 250; i++) {
      String device = "root.x.d" + random.nextInt(4);
      long time = random.nextInt(40);
      switch (random.nextInt(16)) {
        case 0 -> load(device, time, 1 + random.nextInt(10), random.nextInt(1_000));
        case 1 -> load(SHARED, -20 + random.nextInt(15), 5, random.nextInt(1_000));
        case 2 -> delete(device, time, time + random.nextInt(10));
        case 9 -> deleteFromElsewhere(SHARED, -20 + random.nextInt(15), random.nextInt(15));
        case 10 -> write(SHARED, time, random.nextInt(1_000));
        case 3 -> apply(new LogEntry.Seal());
        case 4 -> {
          apply(new LogEntry.Seal());
          flush();
        }
        case 5 -> store.flushNext();
        case 6 -> order(random);
        case 7 -> {
          while (random.nextInt(4) > 0 && store.mergeNext(MERGER, reader.files()::forget)) {
            check();
          }
        }
        case 8 -> {
          if (random.nextInt(4) == 0) {
            reopen();
            check();
          }
        }
        default -> write(device, time, random.nextInt(1_000));
      }
      if (store.flushWaits() && random.nextInt(3) == 0) {
        store.flushNext();
      }
    }
    check();
    seal();
    apply(new Compact(-1, store.durable().index(), true));
    merge();
    check();
    assertThat(store.durable().files()).hasSizeLessThanOrEqualTo(2);
    reopen();
    check();
    checkFolder();
  }

  /** Some neighbouring ranges that are durable, as a leader would. */
  private void order(Random random) throws IOException {
    List<SealedFile> files = store.durable().files();
    if (files.size() < 2 || store.mergeOrdered()) {
      return;
    }
    int from = random.nextInt(files.size() - 1);
    int to = from + 2 + random.nextInt(files.size() - from - 1);
    long first = files.get(from).end();
    long last = files.get(to - 1).end();
    boolean among = deletions.stream().anyMatch(index -> first < index && index <= last);
    long after = from == 0 ? -1 : files.get(from - 1).end();
    apply(new Compact(after, last, among || random.nextBoolean()));
  }
}
