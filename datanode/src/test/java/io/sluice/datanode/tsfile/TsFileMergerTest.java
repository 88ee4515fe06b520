package io.sluice.datanode.tsfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.SealedFileMerger.CalledOffException;
import io.sluice.datanode.tsfile.SealedFileMerger.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a merge makes of its inputs, against a model. Bugs it was seen to find: the older of two
 * points winning, a deletion left out.
 */
class TsFileMergerTest {
  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theTargetsHoldWhatWinsAndIsNotHidden(long seed) throws IOException {
    Random random = new Random(seed);
    SealOptions options = random.nextInt(4) == 0 ? SealOptions.DEFAULT : TsFileSealerTest.TINY;
    RandomDevices devices = new RandomDevices(random);
    int targets = 1 + random.nextInt(2);
    List<Input> inputs = new ArrayList<>();
    Map<SeriesKey, NavigableMap<Long, Won>> won = new TreeMap<>();
    int files = 1 + random.nextInt(6);
    for (int i = 0; i < files; i++) {
      Path source = folder.resolve("source-" + i);
      long firstTime = 1_000 + (random.nextBoolean() ? i * 100L : random.nextInt(50));
      Map<SeriesKey, NavigableMap<Long, Object>> points = devices.points(firstTime, 150, 120);
      if (points.isEmpty()) {
        continue;
      }
      var facts = new TsFileSealer(options).write(source, devices.columns(points).iterator());
      Map<SeriesKey, List<TimeRange>> hidden = hidden(random, devices);
      int target = random.nextInt(targets);
      inputs.add(
          new Input(
              new FileKey(source, facts.lengthBytes(), facts.crc32c()),
              key -> hidden.getOrDefault(key, List.of()),
              target));
      take(points, hidden, target, won);
    }

    List<Path> paths = new ArrayList<>();
    for (int target = 0; target < targets; target++) {
      paths.add(folder.resolve("target-" + target));
    }
    List<Optional<SealedFileWriter.Facts>> facts =
        new TsFileMerger(options).merge(inputs, paths, key -> schema(devices, key), () -> true);

    for (int target = 0; target < targets; target++) {
      Map<SeriesKey, NavigableMap<Long, Object>> expected = expected(won, target);
      Path path = paths.get(target);
      if (expected.isEmpty()) {
        assertThat(facts.get(target)).isEmpty();
        assertThat(path).doesNotExist();
        continue;
      }
      assertThat(RandomDevices.difference(expected, LibraryReads.points(path))).isEmpty();
      assertThat(facts.get(target).orElseThrow())
          .isEqualTo(
              new SealedFileWriter.Facts(
                  Files.size(path),
                  DurableFiles.crc32c(path),
                  TsFileSealerTest.span(expected),
                  expected.values().stream().mapToLong(Map::size).sum()));
      ChunkCutterTest.checkIndex(path, expected);
      ChunkCutterTest.checkRows(path, expected);
    }
  }

  private record Won(Object value, int target) {}

  private static Optional<SeriesInfo> schema(RandomDevices devices, SeriesKey key) {
    return devices.series().stream().filter(info -> info.key().equals(key)).findFirst();
  }

  private static Map<SeriesKey, List<TimeRange>> hidden(Random random, RandomDevices devices) {
    Map<SeriesKey, List<TimeRange>> hidden = new HashMap<>();
    for (SeriesInfo info : devices.series()) {
      if (random.nextInt(3) == 0) {
        long from = 950 + random.nextInt(700);
        boolean all = random.nextInt(5) == 0;
        hidden.put(
            info.key(),
            List.of(all ? TimeRange.ALL : new TimeRange(from, from + random.nextInt(100))));
      }
    }
    return hidden;
  }

  private static void take(
      Map<SeriesKey, NavigableMap<Long, Object>> points,
      Map<SeriesKey, List<TimeRange>> hidden,
      int target,
      Map<SeriesKey, NavigableMap<Long, Won>> won) {
    points.forEach(
        (key, own) ->
            own.forEach(
                (time, value) -> {
                  if (hidden.getOrDefault(key, List.of()).stream()
                      .noneMatch(range -> range.contains(time))) {
                    won.computeIfAbsent(key, first -> new TreeMap<>())
                        .put(time, new Won(value, target));
                  }
                }));
  }

  private static Map<SeriesKey, NavigableMap<Long, Object>> expected(
      Map<SeriesKey, NavigableMap<Long, Won>> won, int target) {
    Map<SeriesKey, NavigableMap<Long, Object>> expected = new TreeMap<>();
    won.forEach(
        (key, all) ->
            all.forEach(
                (time, point) -> {
                  if (point.target() == target) {
                    expected
                        .computeIfAbsent(key, first -> new TreeMap<>())
                        .put(time, point.value());
                  }
                }));
    return expected;
  }

  private Input sealed(String name, long seed) throws IOException {
    RandomDevices devices = new RandomDevices(new Random(seed));
    Path path = folder.resolve(name);
    var points = devices.points(1_000, 150, 120);
    var facts =
        new TsFileSealer(SealOptions.DEFAULT).write(path, devices.columns(points).iterator());
    FileKey key = new FileKey(path, facts.lengthBytes(), facts.crc32c());
    return new Input(key, series -> List.of(), 0);
  }

  @Test
  void anInputThatIsNotTheFileItWasIsNamedAndNothingIsMade() throws Exception {
    Input input = sealed("source", 1);
    byte[] bytes = Files.readAllBytes(input.file().path());
    bytes[bytes.length / 2] ^= 1;
    Files.write(input.file().path(), bytes);
    Path target = folder.resolve("target");
    assertThatThrownBy(
            () ->
                new TsFileMerger(SealOptions.DEFAULT)
                    .merge(List.of(input), List.of(target), key -> Optional.empty(), () -> true))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("source");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(input.file().path()));
  }

  @Test
  void aMergeThatIsCalledOffAtAnyMomentLeavesNothing() throws Exception {
    Input input = sealed("source", 1);
    Path target = folder.resolve("target");
    int asked = 0;
    boolean done = false;
    while (!done) {
      AtomicInteger left = new AtomicInteger(asked++);
      try {
        new TsFileMerger(SealOptions.DEFAULT)
            .merge(
                List.of(input),
                List.of(target),
                key -> Optional.empty(),
                () -> left.getAndDecrement() > 0);
        done = true;
      } catch (CalledOffException e) {
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(input.file().path()));
      }
    }
    assertThat(asked).isGreaterThan(3);
    assertThat(LibraryReads.points(target)).isEqualTo(LibraryReads.points(input.file().path()));
  }
}
