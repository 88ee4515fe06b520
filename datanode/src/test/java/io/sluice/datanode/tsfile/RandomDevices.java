package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;

/** Series and points drawn from a seed: the input of the sealer, and the model it is held to. */
public final class RandomDevices {
  private static final List<TSDataType> TYPES =
      List.of(
          TSDataType.BOOLEAN,
          TSDataType.INT32,
          TSDataType.INT64,
          TSDataType.FLOAT,
          TSDataType.DOUBLE,
          TSDataType.TEXT,
          TSDataType.STRING,
          TSDataType.BLOB,
          TSDataType.TIMESTAMP,
          TSDataType.DATE);

  private static final List<String> DEVICES =
      List.of(
          "root.a",
          "root.sg.d",
          "root.sg.d.deep.er",
          "root.sg.d0",
          "root.sg.d1",
          "root.sg.d10",
          "root.sg.`x.y`.d",
          "root.sg.`x`.d",
          "root.sg.`1`",
          "root.sg2.\u8bbe\u5907");

  private final Random random;
  private final List<SeriesInfo> series = new ArrayList<>();

  public RandomDevices(Random random) {
    this.random = random;
    for (String device : DEVICES) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      boolean aligned = random.nextBoolean();
      int columns = 1 + random.nextInt(6);
      for (int i = 0; i < columns; i++) {
        series.add(new SeriesInfo(device, aligned, spec("s" + i)));
      }
    }
    if (series.isEmpty()) {
      series.add(new SeriesInfo("root.sg.d", random.nextBoolean(), spec("s0")));
    }
    series.sort(Comparator.comparing(SeriesInfo::key));
  }

  public List<SeriesInfo> series() {
    return series;
  }

  private SeriesSpec spec(String measurement) {
    TSDataType type = TYPES.get(random.nextInt(TYPES.size()));
    List<TSEncoding> encodings = lossless(type);
    CompressionType[] codecs = {
      CompressionType.UNCOMPRESSED,
      CompressionType.SNAPPY,
      CompressionType.GZIP,
      CompressionType.LZ4,
      CompressionType.ZSTD
    };
    // LZMA2 makes a dictionary of megabytes for every page: seldom.
    CompressionType codec =
        random.nextInt(50) == 0 ? CompressionType.LZMA2 : codecs[random.nextInt(codecs.length)];
    return new SeriesSpec(
        measurement, type, encodings.get(random.nextInt(encodings.size())), codec);
  }

  /** Encodings that give back the very values of a type. */
  public static List<TSEncoding> lossless(TSDataType type) {
    return switch (type) {
      case BOOLEAN -> List.of(TSEncoding.PLAIN, TSEncoding.RLE);
      case INT32, INT64, TIMESTAMP, DATE ->
          List.of(
              TSEncoding.PLAIN,
              TSEncoding.RLE,
              TSEncoding.TS_2DIFF,
              TSEncoding.GORILLA,
              TSEncoding.ZIGZAG,
              TSEncoding.CHIMP,
              TSEncoding.SPRINTZ,
              TSEncoding.RLBE);
      case FLOAT, DOUBLE ->
          List.of(
              TSEncoding.PLAIN,
              TSEncoding.GORILLA,
              TSEncoding.CHIMP,
              TSEncoding.RLE,
              TSEncoding.TS_2DIFF,
              TSEncoding.SPRINTZ,
              TSEncoding.RLBE);
      case TEXT, STRING -> List.of(TSEncoding.PLAIN, TSEncoding.DICTIONARY);
      case BLOB -> List.of(TSEncoding.PLAIN);
      default -> throw new IllegalArgumentException("no points of type " + type);
    };
  }

  /** Points of some of the series; {@code span} bounds the time stamps. */
  public Map<SeriesKey, NavigableMap<Long, Object>> points(long firstTime, int span, int most) {
    Map<SeriesKey, NavigableMap<Long, Object>> all = new TreeMap<>();
    for (SeriesInfo info : series) {
      if (random.nextInt(4) == 0) {
        continue;
      }
      NavigableMap<Long, Object> points = new TreeMap<>();
      int count = 1 + random.nextInt(most);
      boolean regular = random.nextBoolean();
      long offset = regular ? 0 : random.nextInt(span);
      for (int i = 0; i < count; i++) {
        long time = firstTime + (regular ? i : Math.floorMod(offset + random.nextInt(span), span));
        points.put(time, value(info.spec().type()));
      }
      all.put(info.key(), points);
    }
    return all;
  }

  public Object value(TSDataType type) {
    boolean odd = random.nextInt(20) == 0;
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case INT32 ->
          odd
              ? List.of(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0).get(random.nextInt(4))
              : random.nextInt(1_000) - 500;
      case DATE -> 20_200_101 + random.nextInt(28);
      case INT64, TIMESTAMP ->
          odd
              ? List.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 0L).get(random.nextInt(4))
              : random.nextInt(1_000) - 500L;
      case FLOAT ->
          odd
              ? List.of(Float.NaN, Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE)
                  .get(random.nextInt(4))
              : random.nextFloat();
      case DOUBLE ->
          odd
              ? List.of(Double.NaN, Double.NEGATIVE_INFINITY, -0d, Double.MAX_VALUE)
                  .get(random.nextInt(4))
              : random.nextDouble();
      case TEXT, STRING ->
          new Binary(
              "v\u00e4".repeat(random.nextInt(odd ? 200 : 4)).getBytes(StandardCharsets.UTF_8));
      case BLOB -> {
        byte[] bytes = new byte[random.nextInt(odd ? 300 : 6)];
        random.nextBytes(bytes);
        yield new Binary(bytes);
      }
      default -> throw new IllegalArgumentException("no points of type " + type);
    };
  }

  /** The points as the sealer takes them: devices and measurements ascending. */
  public List<SealedFileWriter.DevicePoints> columns(
      Map<SeriesKey, NavigableMap<Long, Object>> points) {
    List<SealedFileWriter.DevicePoints> devices = new ArrayList<>();
    for (String device : series.stream().map(SeriesInfo::device).distinct().toList()) {
      List<SealedFileWriter.Column> columns = new ArrayList<>();
      boolean aligned = false;
      for (SeriesInfo info : series) {
        NavigableMap<Long, Object> own = points.get(info.key());
        if (info.device().equals(device) && own != null) {
          aligned = info.aligned();
          columns.add(new SealedFileWriter.Column(info.spec(), batch(info.spec().type(), own)));
        }
      }
      if (!columns.isEmpty()) {
        devices.add(new SealedFileWriter.DevicePoints(device, aligned, columns));
      }
    }
    return devices;
  }

  public static PointBatch batch(TSDataType type, NavigableMap<Long, Object> points) {
    // Longer than needed, as a memtable's arrays are.
    long[] times = new long[points.size() + 3];
    Object values = PointBatch.newValues(type, points.size() + 3);
    int count = 0;
    for (Map.Entry<Long, Object> point : points.entrySet()) {
      times[count] = point.getKey();
      java.lang.reflect.Array.set(values, count++, point.getValue());
    }
    return new PointBatch(type, times, values, count);
  }

  public static NavigableMap<Long, Object> map(PointBatch batch) {
    NavigableMap<Long, Object> points = new TreeMap<>();
    for (int i = 0; i < batch.count(); i++) {
      points.put(batch.times()[i], java.lang.reflect.Array.get(batch.values(), i));
    }
    return points;
  }

  /** The first difference between points expected and found, empty when there is none. */
  public static String difference(
      Map<SeriesKey, NavigableMap<Long, Object>> expected,
      Map<SeriesKey, NavigableMap<Long, Object>> actual) {
    if (!expected.keySet().equals(actual.keySet())) {
      return "series " + expected.keySet() + " but found " + actual.keySet();
    }
    for (SeriesKey key : expected.keySet()) {
      String times = difference(expected.get(key), actual.get(key));
      if (!times.isEmpty()) {
        return key + ": " + times;
      }
    }
    return "";
  }

  public static String difference(
      NavigableMap<Long, Object> expected, NavigableMap<Long, Object> actual) {
    if (!expected.keySet().equals(actual.keySet())) {
      return "times " + expected.keySet() + " but found " + actual.keySet();
    }
    for (Long time : expected.keySet()) {
      if (!expected.get(time).equals(actual.get(time))) {
        return "at " + time + " " + expected.get(time) + " but found " + actual.get(time);
      }
    }
    return "";
  }
}
