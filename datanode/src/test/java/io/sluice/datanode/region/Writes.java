package io.sluice.datanode.region;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.InsertRows;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.Row;
import io.sluice.datanode.region.entry.LogEntry.TabletLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/** Entries for tests, and what a view holds in memory. */
public final class Writes {
  private Writes() {}

  public static SeriesSpec spec(String measurement, TSDataType type) {
    return new SeriesSpec(measurement, type, TSEncoding.PLAIN, CompressionType.LZ4);
  }

  public static SeriesInfo series(String device, String measurement, TSDataType type) {
    return new SeriesInfo(device, false, spec(measurement, type));
  }

  /** One INT64 row. */
  public static LogEntry row(String device, String measurement, long time, long value) {
    return new InsertRows(
        List.of(
            new Row(
                device,
                false,
                time,
                List.of(spec(measurement, TSDataType.INT64)),
                List.of(value))));
  }

  /** A tablet of DOUBLE columns s0, s1, ... whose values are {@code time * 1000 + column}. */
  public static InsertTablet tablet(String device, long firstTime, int rows, int columns) {
    ByteBuffer times = ByteBuffer.allocate(rows * Long.BYTES);
    ByteBuffer values = ByteBuffer.allocate(rows * columns * Double.BYTES);
    for (int i = 0; i < rows; i++) {
      times.putLong(firstTime + i);
    }
    for (int column = 0; column < columns; column++) {
      for (int i = 0; i < rows; i++) {
        values.putDouble((firstTime + i) * 1000.0 + column);
      }
    }
    return new InsertTablet(
        device,
        false,
        IntStream.range(0, columns).mapToObj(i -> spec("s" + i, TSDataType.DOUBLE)).toList(),
        rows,
        TabletLayout.PLAIN,
        times.flip(),
        values.flip());
  }

  /** INT64 points of a series that are in memory. */
  public static TreeMap<Long, Long> inMemory(RegionView view, String device, String measurement) {
    TreeMap<Long, Long> points = new TreeMap<>();
    for (RegionView.Memory memory : view.memory()) {
      PointBatch batch = memory.points(new SeriesKey(device, measurement));
      for (int i = 0; batch != null && i < batch.count(); i++) {
        points.put(batch.times()[i], batch.longs()[i]);
      }
    }
    return points;
  }
}
