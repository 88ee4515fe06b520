package io.sluice.datanode.read;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.RandomDevices;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * A region drawn from a seed, and beside it the model: what a reader must see. Points are written
 * range by range and deleted in between, as a log would have it.
 */
final class RandomRegion {
  static final long BASE = 1_000;
  static final int SPAN = 150;

  final FakeRegionView view = new FakeRegionView();
  final RandomDevices devices;
  final Map<SeriesKey, NavigableMap<Long, Object>> model = new TreeMap<>();
  private final Random random;
  private final SealOptions options;
  private final Path folder;

  RandomRegion(Random random, SealOptions options, Path folder) throws IOException {
    this.random = random;
    this.options = options;
    this.folder = folder;
    this.devices = new RandomDevices(random);
    devices.series().forEach(info -> model.put(info.key(), new TreeMap<>()));
    int ranges = random.nextInt(6);
    long index = 1;
    for (int i = 0; i <= ranges; i++) {
      index += 1 + random.nextInt(5);
      boolean last = i == ranges;
      write(last && random.nextBoolean() ? Long.MAX_VALUE : index);
      if (random.nextInt(3) == 0 && !last) {
        delete(++index);
      }
    }
    view.memory.sort(Comparator.comparingLong(RegionView.Memory::end));
  }

  private void write(long end) throws IOException {
    int shift = random.nextInt(3) * SPAN / 2;
    Map<SeriesKey, NavigableMap<Long, Object>> points =
        devices.points(BASE + shift, 1 + random.nextInt(SPAN), 1 + random.nextInt(120));
    if (points.isEmpty()) {
      return;
    }
    points.forEach((key, own) -> model.get(key).putAll(own));
    if (end == Long.MAX_VALUE || random.nextInt(4) == 0) {
      Map<SeriesKey, PointBatch> batches = new HashMap<>();
      for (SeriesInfo info : devices.series()) {
        if (points.containsKey(info.key())) {
          batches.put(info.key(), RandomDevices.batch(info.spec().type(), points.get(info.key())));
        }
      }
      view.memory.add(new FakeRegionView.FakeMemory(end, batches));
      return;
    }
    Path file = folder.resolve(end + ".tsfile");
    SealedFileWriter.Facts facts =
        new TsFileSealer(options).write(file, devices.columns(points).iterator());
    view.files.add(
        new SealedFile(
            end - 1, end, file, facts.lengthBytes(), facts.crc32c(), facts.times(), Route.HERE));
  }

  private void delete(long index) {
    for (SeriesInfo info : devices.series()) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      long first = BASE - 10 + random.nextInt(2 * SPAN);
      TimeRange range =
          random.nextInt(6) == 0 ? TimeRange.ALL : new TimeRange(first, first + random.nextInt(80));
      view.hidden
          .computeIfAbsent(info.key(), key -> new ArrayList<>())
          .add(new RegionView.Hidden(range, index));
      model.get(info.key()).keySet().removeIf(range::contains);
    }
  }
}
