package io.sluice.datanode.tsfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TsFileSealerTest {
  static final SealOptions TINY = new SealOptions(7, 64, 30, 200);

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theLibraryReadsBackWhatWasSealed(long seed) throws IOException {
    Random random = new Random(seed);
    RandomDevices devices = new RandomDevices(random);
    Map<SeriesKey, NavigableMap<Long, Object>> points = devices.points(1_000, 150, 120);
    SealOptions options = random.nextBoolean() ? TINY : SealOptions.DEFAULT;
    Path file = folder.resolve("a.tsfile");

    SealedFileWriter.Facts facts =
        new TsFileSealer(options).write(file, devices.columns(points).iterator());

    assertThat(RandomDevices.difference(points, LibraryReads.points(file))).isEmpty();
    assertThat(facts.lengthBytes()).isEqualTo(Files.size(file));
    assertThat(facts.crc32c()).isEqualTo(DurableFiles.crc32c(file));
    assertThat(facts.points()).isEqualTo(points.values().stream().mapToLong(Map::size).sum());
    if (!points.isEmpty()) {
      assertThat(facts.times()).isEqualTo(span(points));
    }
    assertThat(new ChunkCutter(options).series(file)).isEqualTo(found(devices, points));
  }

  /** The series as a file with these points says them. */
  static List<SeriesInfo> found(
      RandomDevices devices, Map<SeriesKey, NavigableMap<Long, Object>> points) {
    return devices.series().stream()
        .filter(info -> points.containsKey(info.key()))
        .map(
            info -> {
              SeriesSpec spec = info.spec();
              PointBatch own = RandomDevices.batch(spec.type(), points.get(info.key()));
              return new SeriesInfo(
                  info.device(),
                  info.aligned(),
                  new SeriesSpec(
                      spec.measurement(),
                      spec.type(),
                      SafeEncoding.of(spec, own),
                      spec.compression()));
            })
        .toList();
  }

  static TimeRange span(Map<SeriesKey, NavigableMap<Long, Object>> points) {
    return points.values().stream()
        .map(own -> new TimeRange(own.firstKey(), own.lastKey()))
        .reduce(TimeRange::span)
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = TSDataType.class,
      names = {
        "BOOLEAN",
        "INT32",
        "INT64",
        "FLOAT",
        "DOUBLE",
        "TEXT",
        "STRING",
        "BLOB",
        "TIMESTAMP",
        "DATE"
      })
  void everyLosslessEncodingGivesBackEveryType(TSDataType type) throws IOException {
    RandomDevices values = new RandomDevices(new Random(7));
    for (TSEncoding encoding : RandomDevices.lossless(type)) {
      for (boolean aligned : new boolean[] {false, true}) {
        NavigableMap<Long, Object> own = new TreeMap<>();
        IntStream.range(0, 5_000).forEach(i -> own.put((long) i * i, values.value(type)));
        SeriesSpec spec = new SeriesSpec("s", type, encoding, CompressionType.LZ4);
        Path file = folder.resolve(encoding + "-" + aligned);
        List<SealedFileWriter.Column> columns =
            List.of(new SealedFileWriter.Column(spec, RandomDevices.batch(type, own)));
        new TsFileSealer(SealOptions.DEFAULT)
            .write(
                file,
                List.of(new SealedFileWriter.DevicePoints("root.sg.d", aligned, columns))
                    .iterator());

        Map<SeriesKey, NavigableMap<Long, Object>> expected =
            Map.of(new SeriesKey("root.sg.d", "s"), own);
        assertThat(RandomDevices.difference(expected, LibraryReads.points(file)))
            .as("%s %s", encoding, aligned)
            .isEmpty();
      }
    }
  }

  @Test
  void extremeTimeStampsComeBack() throws IOException {
    NavigableMap<Long, Object> own =
        new TreeMap<>(Map.of(Long.MIN_VALUE, 1, -1L, 2, 0L, 3, Long.MAX_VALUE, 4));
    for (boolean aligned : new boolean[] {false, true}) {
      Path file = folder.resolve("extreme-" + aligned);
      seal(file, aligned, own);

      try (OpenTsFile open = OpenTsFile.open(file)) {
        DeviceIndex index = DeviceIndex.read(open, DeviceIds.of("root.sg.d"));
        IChunkMetadata chunk = index.series().get(0).chunks().get(0);
        ChunkLayout layout = ChunkLayout.read(open, ChunkFacts.of(chunk));
        List<long[]> rows =
            aligned
                ? ChunkPoints.rows(
                    open, ChunkLayout.read(open, ChunkFacts.of(index.times().get(0))))
                : null;
        PointBatch points = ChunkPoints.read(open, layout, rows, HiddenRanges.NONE);
        assertThat(RandomDevices.map(points)).isEqualTo(own);
      }
    }
  }

  static void seal(Path file, boolean aligned, NavigableMap<Long, Object> own) throws IOException {
    SeriesSpec spec =
        new SeriesSpec("s", TSDataType.INT32, TSEncoding.RLE, CompressionType.UNCOMPRESSED);
    List<SealedFileWriter.Column> columns =
        List.of(new SealedFileWriter.Column(spec, RandomDevices.batch(TSDataType.INT32, own)));
    new TsFileSealer(SealOptions.DEFAULT)
        .write(
            file,
            List.of(new SealedFileWriter.DevicePoints("root.sg.d", aligned, columns)).iterator());
  }

  @Test
  void anExistingFileIsNotTouched() throws IOException {
    Path file = folder.resolve("there");
    Files.writeString(file, "precious");

    assertThatThrownBy(() -> seal(file, false, new TreeMap<>(Map.of(1L, 1))))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void nothingIsLeftOfAFileThatCouldNotBeWritten() {
    Iterator<SealedFileWriter.DevicePoints> failing =
        new Iterator<>() {
          private int given;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public SealedFileWriter.DevicePoints next() {
            if (given++ > 2) {
              throw new IllegalStateException("memtable gone");
            }
            RandomDevices devices = new RandomDevices(new Random(given));
            return devices.columns(devices.points(0, 100, 50)).get(0);
          }
        };

    assertThatThrownBy(() -> new TsFileSealer(TINY).write(folder.resolve("half.tsfile"), failing))
        .hasMessage("memtable gone");

    assertThat(folder).isEmptyDirectory();
  }
}
