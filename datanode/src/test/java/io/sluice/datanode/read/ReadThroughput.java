package io.sluice.datanode.read;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.sync.Route;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.ChunkCutter;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Prints how fast files are sealed, cut, counted and scanned: 100 devices, 10 measurements, 10,000
 * rows, in 1 and in 20 files. Run by hand.
 */
final class ReadThroughput {
  private static final int DEVICES = 100;
  private static final int MEASUREMENTS = 10;
  private static final int ROWS = 10_000;

  private ReadThroughput() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("throughput");
    try {
      for (boolean aligned : new boolean[] {false, true}) {
        for (int files : new int[] {1, 20}) {
          Path own = Files.createDirectory(folder.resolve(aligned + "-" + files));
          System.out.printf("--- aligned %s, %d files%n", aligned, files);
          run(own, aligned, files);
        }
      }
    } finally {
      DurableFiles.deleteTree(folder);
    }
  }

  private static void run(Path folder, boolean aligned, int files) throws Exception {
    TsFileSealer sealer = new TsFileSealer(SealOptions.DEFAULT);
    FakeRegionView view = new FakeRegionView();
    List<List<SealedFileWriter.DevicePoints>> inputs = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      inputs.add(devices(i, ROWS / files, aligned));
    }
    for (int round = 0; round < 3; round++) {
      view.files.clear();
      int number = round;
      timed(
          "seal",
          () -> {
            long bytes = 0;
            for (int i = 0; i < files; i++) {
              Path file = folder.resolve(number + "-" + i);
              SealedFileWriter.Facts facts = sealer.write(file, inputs.get(i).iterator());
              view.files.add(
                  new SealedFile(
                      i,
                      i + 1,
                      file,
                      facts.lengthBytes(),
                      facts.crc32c(),
                      facts.times(),
                      Route.HERE));
              bytes += facts.lengthBytes();
            }
            return bytes + " bytes";
          });
    }
    read(view);
    cut(folder, view);
  }

  private static void read(FakeRegionView view) throws Exception {
    List<SeriesKey> keys = new ArrayList<>();
    List<TSDataType> types = new ArrayList<>();
    for (int d = 0; d < DEVICES; d++) {
      for (int m = 0; m < MEASUREMENTS; m++) {
        keys.add(new SeriesKey(device(d), "s" + m));
        types.add(spec(m).type());
      }
    }
    ScanRequest all = new ScanRequest(keys, types, TimeRange.ALL, false, 0);
    ScanRequest one =
        new ScanRequest(keys.subList(0, 10), types.subList(0, 10), TimeRange.ALL, false, 0);
    ScanRequest last = new ScanRequest(keys, types, TimeRange.ALL, true, 1);
    for (int round = 0; round < 3; round++) {
      try (SealedFileReader files = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
        MergingRegionReader reader = new MergingRegionReader(files, ReadOptions.DEFAULT);
        timed("count cold", () -> sum(reader.count(view, all)));
        timed("count again", () -> sum(reader.count(view, all)));
        timed("scan 1,000 series", () -> rows(reader.scan(view, all)));
        timed("scan 10 series", () -> rows(reader.scan(view, one)));
        timed("scan 10 series again", () -> rows(reader.scan(view, one)));
        timed("last row of 1,000 series", () -> rows(reader.scan(view, last)));
        System.out.println(files.stats());
      }
    }
  }

  private static void cut(Path folder, FakeRegionView view) throws Exception {
    ChunkCutter cutter = new ChunkCutter(SealOptions.DEFAULT);
    for (long first : new long[] {Long.MIN_VALUE, 1}) {
      timed(
          "cut from " + first,
          () -> {
            long points = 0;
            for (SealedFile file : view.files) {
              Path target = folder.resolve("cut-" + first + "-" + file.end());
              points +=
                  cutter
                      .cut(file.path(), target, device -> true, first, key -> List.of())
                      .orElseThrow()
                      .points();
            }
            return points;
          });
    }
  }

  private static void timed(String what, Callable<Object> work) throws Exception {
    long start = System.nanoTime();
    Object result = work.call();
    System.out.printf("%-26s %6d ms  %s%n", what, (System.nanoTime() - start) / 1_000_000, result);
  }

  private static long sum(long[] counts) {
    return java.util.Arrays.stream(counts).sum();
  }

  private static String rows(RowBlocks blocks) throws Exception {
    long rows = 0;
    int count = 0;
    try (blocks) {
      for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
        rows += block.getPositionCount();
        count++;
      }
    }
    return rows + " rows in " + count + " blocks";
  }

  private static String device(int number) {
    return String.format("root.bench.d%03d", number);
  }

  private static SeriesSpec spec(int m) {
    return switch (m % 4) {
      case 0, 1 ->
          new SeriesSpec("s" + m, TSDataType.DOUBLE, TSEncoding.GORILLA, CompressionType.LZ4);
      case 2 -> new SeriesSpec("s" + m, TSDataType.FLOAT, TSEncoding.GORILLA, CompressionType.LZ4);
      default ->
          new SeriesSpec("s" + m, TSDataType.INT32, TSEncoding.TS_2DIFF, CompressionType.LZ4);
    };
  }

  private static List<SealedFileWriter.DevicePoints> devices(int file, int rows, boolean aligned) {
    Random random = new Random(file);
    long[] times = new long[rows];
    for (int i = 0; i < rows; i++) {
      times[i] = 1_000L * ((long) file * rows + i);
    }
    List<SealedFileWriter.DevicePoints> devices = new ArrayList<>();
    for (int d = 0; d < DEVICES; d++) {
      List<SealedFileWriter.Column> columns = new ArrayList<>();
      for (int m = 0; m < MEASUREMENTS; m++) {
        SeriesSpec spec = spec(m);
        Object values = PointBatch.newValues(spec.type(), rows);
        double walk = 20;
        for (int i = 0; i < rows; i++) {
          walk += random.nextGaussian() / 10;
          if (values instanceof double[] doubles) {
            doubles[i] = walk;
          } else if (values instanceof float[] floats) {
            floats[i] = (float) walk;
          } else {
            ((int[]) values)[i] = (int) (walk * 100);
          }
        }
        columns.add(
            new SealedFileWriter.Column(spec, new PointBatch(spec.type(), times, values, rows)));
      }
      devices.add(new SealedFileWriter.DevicePoints(device(d), aligned, columns));
    }
    return devices;
  }
}
