package io.sluice.datanode.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergingRegionReaderTest {
  static final SealOptions TINY = new SealOptions(7, 64, 30, 200);
  private static final SeriesKey UNKNOWN = new SeriesKey("root.nowhere.d", "s0");

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aScanShowsWhatTheModelHolds(long seed) throws Exception {
    Random random = new Random(seed);
    RandomRegion region =
        new RandomRegion(random, random.nextInt(4) == 0 ? SealOptions.DEFAULT : TINY, folder);
    // Caches from useless to ample.
    long cacheBytes = 1L << (8 + random.nextInt(16));
    ReadCacheOptions caches =
        new ReadCacheOptions(cacheBytes, cacheBytes, cacheBytes, 1 + random.nextInt(3), true);
    ReadOptions options = new ReadOptions(1 + random.nextInt(100), 1 + random.nextInt(4_000));
    try (SealedFileReader files = new SealedFileReader(caches)) {
      MergingRegionReader reader = new MergingRegionReader(files, options);
      for (int i = 0; i < 6; i++) {
        ScanRequest request = request(random, region);
        List<List<Object>> expected = expected(region, request);

        assertThat(rows(reader.scan(region.view, request), request)).isEqualTo(expected);

        assertThat(region.view.closed).isEqualTo(i + 1);
        assertThat(reader.count(region.view, request)).isEqualTo(counts(region, request));
      }
    }
  }

  static ScanRequest request(Random random, RandomRegion region) {
    List<SeriesInfo> series = new ArrayList<>(region.devices.series());
    Collections.shuffle(series, random);
    series = series.subList(0, 1 + random.nextInt(series.size()));
    List<SeriesKey> keys = new ArrayList<>(series.stream().map(SeriesInfo::key).toList());
    List<TSDataType> types =
        new ArrayList<>(series.stream().map(info -> info.spec().type()).toList());
    if (random.nextInt(5) == 0) {
      keys.add(UNKNOWN);
      types.add(TSDataType.TEXT);
    }
    TimeRange times = TimeRange.ALL;
    if (random.nextBoolean()) {
      long first = RandomRegion.BASE - 20 + random.nextInt(2 * RandomRegion.SPAN);
      times = new TimeRange(first, first + random.nextInt(RandomRegion.SPAN) - 5);
    }
    long limit = random.nextBoolean() ? 0 : 1 + random.nextInt(60);
    return new ScanRequest(keys, types, times, random.nextBoolean(), limit);
  }

  static List<List<Object>> expected(RandomRegion region, ScanRequest request) {
    List<NavigableMap<Long, Object>> columns =
        request.columns().stream()
            .map(key -> region.model.getOrDefault(key, new TreeMap<>()))
            .toList();
    TreeSet<Long> times = new TreeSet<>();
    columns.forEach(column -> times.addAll(column.keySet()));
    times.removeIf(time -> !request.times().contains(time));
    List<List<Object>> rows = new ArrayList<>();
    for (long time : request.descending() ? times.descendingSet() : times) {
      if (request.limitRows() > 0 && rows.size() == request.limitRows()) {
        break;
      }
      List<Object> row = new ArrayList<>();
      row.add(time);
      columns.forEach(column -> row.add(column.get(time)));
      rows.add(row);
    }
    return rows;
  }

  private static long[] counts(RandomRegion region, ScanRequest request) {
    return request.columns().stream()
        .mapToLong(
            key ->
                region.model.getOrDefault(key, new TreeMap<>()).keySet().stream()
                    .filter(request.times()::contains)
                    .count())
        .toArray();
  }

  static List<List<Object>> rows(RowBlocks blocks, ScanRequest request) throws StatusException {
    List<List<Object>> rows = new ArrayList<>();
    try (blocks) {
      for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
        assertThat(block.getPositionCount()).isPositive();
        assertThat(block.getValueColumnCount()).isEqualTo(request.columns().size());
        for (int row = 0; row < block.getPositionCount(); row++) {
          List<Object> values = new ArrayList<>();
          values.add(block.getTimeByIndex(row));
          for (int i = 0; i < request.columns().size(); i++) {
            values.add(value(block, i, row, request.types().get(i)));
          }
          rows.add(values);
        }
      }
      assertThat(blocks.next()).isNull();
    }
    return rows;
  }

  private static Object value(TsBlock block, int column, int row, TSDataType type) {
    if (block.getColumn(column).isNull(row)) {
      return null;
    }
    Object wanted = PointBatch.newValues(type, 1);
    if (wanted instanceof double[]) {
      return block.getColumn(column).getDouble(row);
    } else if (wanted instanceof float[]) {
      return block.getColumn(column).getFloat(row);
    } else if (wanted instanceof long[]) {
      return block.getColumn(column).getLong(row);
    } else if (wanted instanceof int[]) {
      return block.getColumn(column).getInt(row);
    } else if (wanted instanceof boolean[]) {
      return block.getColumn(column).getBoolean(row);
    }
    return block.getColumn(column).getBinary(row);
  }
}
