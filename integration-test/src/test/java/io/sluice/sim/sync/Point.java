package io.sluice.sim.sync;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * One point of a series, and the bytes a piece has of it.
 *
 * @param value no two writes of a history have the same; later writes have higher ones
 */
record Point(Place place, long value) {
  static final int SERIES = 6;
  static final int TIMES = 4;
  private static final int BYTES = 20;
  private static final SeriesSpec SPEC =
      new SeriesSpec("s", TSDataType.INT64, TSEncoding.PLAIN, CompressionType.UNCOMPRESSED);

  /** Where a value stands. */
  record Place(int series, long time) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int bySeries = Integer.compare(series, other.series);
      return bySeries != 0 ? bySeries : Long.compare(time, other.time);
    }

    SeriesKey key() {
      return Point.key(series);
    }
  }

  static String device(int series) {
    return "root.e.d" + series;
  }

  static SeriesKey key(int series) {
    return new SeriesKey(device(series), SPEC.measurement());
  }

  /** The same series as a client of the receiver made it: nothing of the sender's fits. */
  static SeriesInfo contrary(int series) {
    SeriesSpec other =
        new SeriesSpec(
            SPEC.measurement(), TSDataType.TEXT, TSEncoding.PLAIN, CompressionType.UNCOMPRESSED);
    return new SeriesInfo(device(series), false, other);
  }

  static SeriesInfo info(int series) {
    return new SeriesInfo(device(series), false, SPEC);
  }

  static byte[] bytes(List<Point> points) {
    ByteBuffer bytes = ByteBuffer.allocate(points.size() * BYTES);
    points.forEach(
        point -> bytes.putInt(point.place.series).putLong(point.place.time).putLong(point.value));
    return bytes.array();
  }

  /**
   * @return what can be read of {@code content}: all of it, unless it is damaged
   */
  static List<Point> read(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    List<Point> points = new ArrayList<>();
    while (bytes.remaining() >= BYTES) {
      int series = bytes.getInt();
      long time = bytes.getLong();
      points.add(new Point(new Place(series, time), bytes.getLong()));
    }
    return points;
  }
}
