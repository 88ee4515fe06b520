package io.sluice.datanode.region.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.tsfile.SealedFileWriter.DevicePoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class MemTableTest {
  private static final SeriesInfo SERIES = Writes.series("root.d", "s", TSDataType.INT64);

  private static PointRun run(long[] times, long[] values) {
    boolean ascending = PointRun.strictlyAscending(times, times.length);
    return new PointRun(TSDataType.INT64, times, values, times.length, ascending, 16);
  }

  private static TreeMap<Long, Long> points(MemTable table, long upTo) {
    TreeMap<Long, Long> points = new TreeMap<>();
    PointBatch batch = table.points(SERIES.key(), upTo);
    for (int i = 0; batch != null && i < batch.count(); i++) {
      assertThat(i == 0 || batch.times()[i] > batch.times()[i - 1]).isTrue();
      points.put(batch.times()[i], batch.longs()[i]);
    }
    return points;
  }

  /** Random runs, in order and not, short and long: at every index the table is what a map is. */
  @RepeatedTest(60)
  void aReaderSeesWhatAMapWouldHoldAtThatIndex(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    MemTable table = new MemTable();
    TreeMap<Long, Long> model = new TreeMap<>();
    List<Map<Long, Long>> states = new ArrayList<>(List.of(Map.of()));
    long now = 0;
    boolean disorder = random.nextInt(3) > 0;
    for (int index = 1; index <= 60; index++) {
      int count = random.nextBoolean() ? 1 + random.nextInt(4) : 1 + random.nextInt(200);
      long[] times = new long[count];
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        now += 1 + random.nextInt(3);
        boolean back = disorder && random.nextInt(10) == 0;
        times[i] = back ? random.nextInt(400) : now;
        values[i] = random.nextLong();
        model.put(times[i], values[i]);
      }
      table.append(SERIES, run(times, values), index);
      states.add(new TreeMap<>(model));
    }
    for (int index = 0; index < states.size(); index++) {
      assertThat(points(table, index))
          .as("seed %s index %s", seed, index)
          .isEqualTo(states.get(index));
    }
  }

  @Test
  void readersBesideTheWriterNeverSeeHalfAnEntry() throws Exception {
    MemTable table = new MemTable();
    AtomicLong applied = new AtomicLong();
    AtomicReference<String> wrong = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              while (applied.get() < 20_000 && wrong.get() == null) {
                long index = applied.get();
                int seen = points(table, index).size();
                if (seen != index * 3) {
                  wrong.set(seen + " points at index " + index);
                }
              }
            });
    reader.start();
    for (long index = 1; index <= 20_000; index++) {
      long time = index * 3;
      table.append(SERIES, run(new long[] {time, time + 1, time + 2}, new long[] {1, 2, 3}), index);
      applied.set(index);
    }
    reader.join();
    assertThat(wrong.get()).isNull();
  }

  @Test
  void aRunInOrderIsHandedOutWithoutCopying() {
    MemTable table = new MemTable();
    long[] times = new long[100];
    Arrays.setAll(times, i -> i);
    PointRun run = run(times, new long[100]);
    table.append(SERIES, run, 1);
    assertThat(table.points(SERIES.key(), 1).times()).isSameAs(times);
  }

  @Test
  void devicesAndMeasurementsComeInOrder() {
    MemTable table = new MemTable();
    for (String device : List.of("root.b", "root.a", "root.c")) {
      for (String measurement : List.of("y", "x")) {
        SeriesInfo info = Writes.series(device, measurement, TSDataType.INT64);
        table.append(info, run(new long[] {1}, new long[] {2}), 1);
      }
    }
    List<String> order = new ArrayList<>();
    table
        .inOrder()
        .forEachRemaining(
            (DevicePoints device) ->
                device
                    .columns()
                    .forEach(column -> order.add(device.device() + column.spec().measurement())));
    assertThat(order)
        .containsExactly("root.ax", "root.ay", "root.bx", "root.by", "root.cx", "root.cy");
    assertThat(table.points()).isEqualTo(6);
    assertThat(table.holds("root.a")).isTrue();
    assertThat(table.holds("root")).isFalse();
  }
}
