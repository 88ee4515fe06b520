package io.sluice.datanode.statement;

import io.sluice.datanode.point.SeriesSpec;
import java.util.EnumMap;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/** How series are stored that say nothing of it themselves. */
public record DefaultStorage(Map<TSDataType, TSEncoding> encodings, CompressionType compression) {
  /**
   * What IoTDB 1.2 does, whose SHOW TIMESERIES we are compared with: RLE for BOOLEAN, INT32 and
   * INT64, GORILLA for FLOAT and DOUBLE, PLAIN for TEXT, SNAPPY. The types of 2.x have 2.x's
   * encodings: TS_2DIFF for TIMESTAMP and DATE, PLAIN for STRING and BLOB.
   */
  public static DefaultStorage ofIotdb12() {
    Map<TSDataType, TSEncoding> encodings = new EnumMap<>(TSDataType.class);
    encodings.put(TSDataType.BOOLEAN, TSEncoding.RLE);
    encodings.put(TSDataType.INT32, TSEncoding.RLE);
    encodings.put(TSDataType.INT64, TSEncoding.RLE);
    encodings.put(TSDataType.FLOAT, TSEncoding.GORILLA);
    encodings.put(TSDataType.DOUBLE, TSEncoding.GORILLA);
    encodings.put(TSDataType.TEXT, TSEncoding.PLAIN);
    encodings.put(TSDataType.STRING, TSEncoding.PLAIN);
    encodings.put(TSDataType.BLOB, TSEncoding.PLAIN);
    encodings.put(TSDataType.TIMESTAMP, TSEncoding.TS_2DIFF);
    encodings.put(TSDataType.DATE, TSEncoding.TS_2DIFF);
    return new DefaultStorage(Map.copyOf(encodings), CompressionType.SNAPPY);
  }

  /** Whether points of this type can be stored at all. */
  public boolean stores(TSDataType type) {
    return encodings.containsKey(type);
  }

  public SeriesSpec spec(String measurement, TSDataType type) {
    return new SeriesSpec(measurement, type, encodings.get(type), compression);
  }
}
