package io.sluice.datanode.tsfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFileReaderTest {
  @TempDir Path folder;

  private Map<SeriesKey, NavigableMap<Long, Object>> points;
  private FileKey key;

  @BeforeEach
  void seal() throws IOException {
    RandomDevices devices = new RandomDevices(new Random(3));
    points = devices.points(0, 150, 120);
    key = seal("a.tsfile", devices);
  }

  private FileKey seal(String name, RandomDevices devices) throws IOException {
    Path file = folder.resolve(name);
    SealedFileWriter.Facts facts =
        new TsFileSealer(TsFileSealerTest.TINY).write(file, devices.columns(points).iterator());
    return new FileKey(file, facts.lengthBytes(), facts.crc32c());
  }

  static Map<SeriesKey, NavigableMap<Long, Object>> readAll(
      SealedFileReader reader, FileKey key, Iterable<SeriesKey> series) throws StatusException {
    Map<SeriesKey, NavigableMap<Long, Object>> all = new TreeMap<>();
    for (SeriesKey one : series) {
      NavigableMap<Long, Object> own = new TreeMap<>();
      for (ChunkSpan chunk : reader.chunks(key, one)) {
        ChunkPages pages = reader.pages(chunk);
        for (int i = 0; i < pages.count(); i++) {
          PointBatch page = pages.read(i);
          assertThat(page.range()).isEqualTo(pages.times(i));
          assertThat(page.count()).isEqualTo(pages.points(i));
          own.putAll(RandomDevices.map(page));
        }
      }
      if (!own.isEmpty()) {
        all.put(one, own);
      }
    }
    return all;
  }

  @Test
  void everythingReadAgainComesFromTheCaches() throws Exception {
    try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
      assertThat(RandomDevices.difference(points, readAll(reader, key, points.keySet()))).isEmpty();
      ReadCacheStats first = reader.stats();
      assertThat(RandomDevices.difference(points, readAll(reader, key, points.keySet()))).isEmpty();
      ReadCacheStats second = reader.stats();

      assertThat(second.index().misses()).isEqualTo(first.index().misses());
      assertThat(second.layouts().misses()).isEqualTo(first.layouts().misses());
      assertThat(second.pages().misses()).isEqualTo(first.pages().misses());
      assertThat(second.pages().hits()).isGreaterThan(first.pages().hits());
      assertThat(second.pages().bytes()).isPositive();
      assertThat(second.openFiles()).isEqualTo(1);
    }
  }

  @Test
  void cachesStayBelowTheirLimits() throws Exception {
    ReadCacheOptions options = new ReadCacheOptions(2_000, 2_000, 4_000, 1, true);
    RandomDevices devices = new RandomDevices(new Random(3));
    List<FileKey> keys = new ArrayList<>(List.of(key));
    for (int i = 0; i < 5; i++) {
      keys.add(seal(i + ".tsfile", devices));
    }
    try (SealedFileReader reader = new SealedFileReader(options)) {
      for (FileKey one : keys) {
        assertThat(RandomDevices.difference(points, readAll(reader, one, points.keySet())))
            .isEmpty();
      }
      ReadCacheStats stats = reader.stats();
      assertThat(stats.index().bytes()).isLessThanOrEqualTo(2_000);
      assertThat(stats.layouts().bytes()).isLessThanOrEqualTo(2_000);
      assertThat(stats.pages().bytes()).isLessThanOrEqualTo(4_000);
      assertThat(stats.pages().evictions()).isPositive();
      assertThat(stats.openFiles()).isLessThanOrEqualTo(1);
      assertThat(openDescriptors()).isLessThanOrEqualTo(1);
    }
    assertThat(openDescriptors()).isZero();
  }

  /** How many of this test's files the process has open, where the system can tell. */
  private long openDescriptors() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    long count = 0;
    try (var links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        try {
          count += Files.readSymbolicLink(link).startsWith(folder.toRealPath()) ? 1 : 0;
        } catch (IOException closedMeanwhile) {
          count += 0;
        }
      }
    }
    return count;
  }

  @Test
  void aFlippedBitAnywhereIsAnErrorThatNamesTheFile() throws Exception {
    byte[] good = Files.readAllBytes(key.path());
    Random random = new Random(1);
    for (int i = 0; i < 150; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(key.path(), bad);
      try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
        assertThatThrownBy(() -> readAll(reader, key, points.keySet()))
            .isInstanceOf(StatusException.class)
            .hasMessageContaining(key.path().toString())
            .hasMessageContaining("damaged");
      }
    }
  }

  @Test
  void whatIsWrongInAFileWithTheRightChecksumIsNoticedFromItsStatistics() throws Exception {
    byte[] good = Files.readAllBytes(key.path());
    Random random = new Random(2);
    int noticed = 0;
    int wrong = 0;
    // Chunks only: the index lies behind them.
    int chunksEnd = good.length / 2;
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      bad[8 + random.nextInt(chunksEnd - 8)] ^= (byte) (1 << random.nextInt(8));
      Files.write(key.path(), bad);
      FileKey same = new FileKey(key.path(), bad.length, DurableFiles.crc32c(key.path()));
      try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
        Map<SeriesKey, NavigableMap<Long, Object>> read = readAll(reader, same, points.keySet());
        wrong += RandomDevices.difference(points, read).isEmpty() ? 0 : 1;
        // Values may have changed, times may not.
        assertThat(read.keySet()).isEqualTo(points.keySet());
        read.forEach(
            (series, own) -> assertThat(own.keySet()).isEqualTo(points.get(series).keySet()));
      } catch (StatusException e) {
        noticed++;
        assertThat(e).hasMessageContaining(key.path().toString());
      }
    }
    assertThat(noticed).isGreaterThan(50);
    assertThat(wrong).isLessThan(300 - noticed);
  }

  @Test
  void aFileCutShortIsDamagedAndAMissingOneIsNamed() throws Exception {
    byte[] good = Files.readAllBytes(key.path());
    for (int length : new int[] {0, 3, 20, good.length / 2, good.length - 1}) {
      Files.write(key.path(), java.util.Arrays.copyOf(good, length));
      try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
        assertThatThrownBy(() -> readAll(reader, key, points.keySet()))
            .isInstanceOf(StatusException.class)
            .hasMessageContaining("damaged");
        Path copy = folder.resolve("cut");
        assertThatThrownBy(
                () ->
                    new ChunkCutter(SealOptions.DEFAULT)
                        .cut(key.path(), copy, device -> true, 0, series -> List.of()))
            .isInstanceOf(DamagedFileException.class);
        assertThat(copy).doesNotExist();
      }
    }
    Files.delete(key.path());
    try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
      assertThatThrownBy(() -> readAll(reader, key, points.keySet()))
          .isInstanceOf(StatusException.class)
          .hasMessageContaining(key.path().toString())
          .hasMessageContaining("cannot be read");
    }
  }

  @Test
  void anotherFileUnderTheSameNameIsReadAsItself() throws Exception {
    try (SealedFileReader reader = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
      readAll(reader, key, points.keySet());
      reader.forget(key.path());
      Files.delete(key.path());
      RandomDevices devices = new RandomDevices(new Random(4));
      points = devices.points(0, 150, 120);
      FileKey other = seal("a.tsfile", devices);
      assertThat(RandomDevices.difference(points, readAll(reader, other, points.keySet())))
          .isEmpty();
    }
  }

  @Test
  void anInterruptedThreadDoesNotDisturbTheOthers() throws Exception {
    ReadCacheOptions options = new ReadCacheOptions(1, 1, 1, 10, true);
    try (SealedFileReader reader = new SealedFileReader(options)) {
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<?> victim =
            threads.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> readAll(reader, key, points.keySet()))
                        .isInstanceOf(StatusException.class);
                    assertThat(Thread.interrupted()).isTrue();
                  }
                  return null;
                });
        for (int i = 0; !victim.isDone() || i < 5; i++) {
          Map<SeriesKey, NavigableMap<Long, Object>> read = readAll(reader, key, points.keySet());
          assertThat(RandomDevices.difference(points, read)).isEmpty();
        }
        victim.get();
      } finally {
        threads.shutdownNow();
      }
    }
    assertThat(DurableFiles.crc32c(key.path())).isEqualTo(key.crc32c());
  }
}
