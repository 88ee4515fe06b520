package io.sluice.datanode.tsfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkCutterTest {
  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 80);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aCutHoldsExactlyWhatIsLeft(long seed) throws IOException {
    Random random = new Random(seed);
    SealOptions options = random.nextInt(4) == 0 ? SealOptions.DEFAULT : TsFileSealerTest.TINY;
    RandomDevices devices = new RandomDevices(random);
    Map<SeriesKey, NavigableMap<Long, Object>> points = devices.points(1_000, 150, 120);
    Path source = folder.resolve("source.tsfile");
    new TsFileSealer(options).write(source, devices.columns(points).iterator());

    long firstTime = random.nextBoolean() ? Long.MIN_VALUE : 990 + random.nextInt(170);
    Set<String> dropped = new HashSet<>();
    Map<SeriesKey, List<TimeRange>> hidden = new TreeMap<>();
    for (SeriesInfo info : devices.series()) {
      if (random.nextInt(8) == 0) {
        dropped.add(info.device());
      }
      hidden.put(info.key(), ranges(random));
    }
    Map<SeriesKey, NavigableMap<Long, Object>> expected = left(points, firstTime, dropped, hidden);

    Path target = folder.resolve("target.tsfile");
    ChunkCutter cutter = new ChunkCutter(options);
    Optional<SealedFileWriter.Facts> facts =
        cutter.cut(source, target, device -> !dropped.contains(device), firstTime, hidden::get);

    if (expected.isEmpty()) {
      assertThat(facts).isEmpty();
      assertThat(folder).isDirectoryNotContaining(path -> !path.equals(source));
      return;
    }
    assertThat(RandomDevices.difference(expected, LibraryReads.points(target))).isEmpty();
    assertThat(facts.orElseThrow())
        .isEqualTo(
            new SealedFileWriter.Facts(
                Files.size(target),
                DurableFiles.crc32c(target),
                TsFileSealerTest.span(expected),
                expected.values().stream().mapToLong(Map::size).sum()));
    assertThat(cutter.series(target).stream().map(SeriesInfo::key))
        .containsExactlyElementsOf(expected.keySet());
    assertThat(cutter.series(target))
        .allSatisfy(info -> assertThat(TsFileSealerTest.found(devices, points)).contains(info));
    checkIndex(target, expected);
    checkRows(target, expected);
  }

  /** Statistics of every chunk and page are those of the points in them. */
  static void checkIndex(Path file, Map<SeriesKey, NavigableMap<Long, Object>> expected)
      throws IOException {
    try (OpenTsFile open = OpenTsFile.open(file)) {
      for (SeriesKey key : expected.keySet()) {
        DeviceIndex index = DeviceIndex.read(open, DeviceIds.of(key.device()));
        DeviceIndex.Series series =
            index.series().stream()
                .filter(one -> one.measurement().equals(key.measurement()))
                .findFirst()
                .orElseThrow();
        long sum =
            series.chunks().stream().mapToLong(chunk -> chunk.getStatistics().getCount()).sum();
        assertThat(sum).isEqualTo(expected.get(key).size());
        for (var chunk : series.chunks()) {
          NavigableMap<Long, Object> own =
              expected.get(key).subMap(chunk.getStartTime(), true, chunk.getEndTime(), true);
          assertThat(own).hasSize(chunk.getStatistics().getCount());
          assertThat(own.firstKey()).isEqualTo(chunk.getStartTime());
          assertThat(own.lastKey()).isEqualTo(chunk.getEndTime());
        }
      }
    }
  }

  /** No row of an aligned device is left behind without any value. */
  static void checkRows(Path file, Map<SeriesKey, NavigableMap<Long, Object>> expected)
      throws IOException {
    Map<String, Set<Long>> times = new TreeMap<>();
    expected.forEach(
        (key, own) ->
            times.computeIfAbsent(key.device(), any -> new HashSet<>()).addAll(own.keySet()));
    try (OpenTsFile open = OpenTsFile.open(file)) {
      for (String device : times.keySet()) {
        DeviceIndex index = DeviceIndex.read(open, DeviceIds.of(device));
        Set<Long> rows = new HashSet<>();
        for (var chunk : index.times()) {
          for (long[] page : ChunkPoints.rows(open, ChunkLayout.read(open, ChunkFacts.of(chunk)))) {
            Arrays.stream(page).forEach(rows::add);
          }
        }
        assertThat(rows).isEqualTo(index.aligned() ? times.get(device) : Set.of());
      }
    }
  }

  private static List<TimeRange> ranges(Random random) {
    List<TimeRange> ranges = new ArrayList<>();
    int kind = random.nextInt(6);
    if (kind == 0) {
      ranges.add(TimeRange.ALL);
    } else if (kind < 4) {
      for (int i = 0; i < kind; i++) {
        long first = 990 + random.nextInt(160);
        ranges.add(new TimeRange(first, first + random.nextInt(40)));
      }
    }
    return ranges;
  }

  static Map<SeriesKey, NavigableMap<Long, Object>> left(
      Map<SeriesKey, NavigableMap<Long, Object>> points,
      long firstTime,
      Set<String> dropped,
      Map<SeriesKey, List<TimeRange>> hidden) {
    Map<SeriesKey, NavigableMap<Long, Object>> left = new TreeMap<>();
    points.forEach(
        (key, own) -> {
          NavigableMap<Long, Object> kept = new TreeMap<>(own.tailMap(firstTime, true));
          kept.keySet()
              .removeIf(time -> hidden.get(key).stream().anyMatch(range -> range.contains(time)));
          if (!kept.isEmpty() && !dropped.contains(key.device())) {
            left.put(key, kept);
          }
        });
    return left;
  }

  @Test
  void chunksThatAreKeptWholeAreCopiedAsTheyAre() throws IOException {
    RandomDevices devices = new RandomDevices(new Random(5));
    Map<SeriesKey, NavigableMap<Long, Object>> points = devices.points(0, 150, 120);
    Path source = folder.resolve("source.tsfile");
    new TsFileSealer(TsFileSealerTest.TINY).write(source, devices.columns(points).iterator());

    Path target = folder.resolve("target.tsfile");
    // Other page sizes: what is rewritten would look different.
    new ChunkCutter(SealOptions.DEFAULT)
        .cut(source, target, device -> true, Long.MIN_VALUE, key -> List.of());

    assertThat(Files.size(target)).isEqualTo(Files.size(source));
    // The first cut puts devices in the library's order; from then on nothing changes.
    Path again = folder.resolve("again.tsfile");
    new ChunkCutter(SealOptions.DEFAULT)
        .cut(target, again, device -> true, Long.MIN_VALUE, key -> List.of());
    assertThat(Files.mismatch(target, again)).isEqualTo(-1);
  }

  @Test
  void aCutOfACutIsStillExact() throws IOException {
    RandomDevices devices = new RandomDevices(new Random(11));
    Map<SeriesKey, NavigableMap<Long, Object>> points = devices.points(0, 150, 120);
    Path file = folder.resolve("0");
    new TsFileSealer(TsFileSealerTest.TINY).write(file, devices.columns(points).iterator());
    for (int i = 1; i < 10; i++) {
      Path next = folder.resolve("" + i);
      long firstTime = i * 12L;
      new ChunkCutter(TsFileSealerTest.TINY)
          .cut(file, next, device -> true, firstTime, key -> List.of());
      Map<SeriesKey, NavigableMap<Long, Object>> expected = new TreeMap<>();
      points.forEach((key, own) -> expected.put(key, own.tailMap(firstTime, true)));
      expected.values().removeIf(Map::isEmpty);
      assertThat(RandomDevices.difference(expected, LibraryReads.points(next))).isEmpty();
      file = next;
    }
  }
}
