package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.SeriesKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IDeviceID;
import org.apache.tsfile.file.metadata.TimeseriesMetadata;
import org.apache.tsfile.read.TsFileReader;
import org.apache.tsfile.read.TsFileSequenceReader;
import org.apache.tsfile.read.common.Field;
import org.apache.tsfile.read.common.RowRecord;
import org.apache.tsfile.read.expression.QueryExpression;
import org.apache.tsfile.read.query.dataset.QueryDataSet;

/** A file's points as the library's own reader sees them. */
final class LibraryReads {
  private LibraryReads() {}

  static Map<SeriesKey, NavigableMap<Long, Object>> points(Path file) throws IOException {
    Map<SeriesKey, NavigableMap<Long, Object>> all = new TreeMap<>();
    try (TsFileSequenceReader index = new TsFileSequenceReader(file.toString());
        TsFileReader reader = new TsFileReader(index)) {
      for (IDeviceID device : index.getAllDevices()) {
        for (TimeseriesMetadata series : index.getDeviceTimeseriesMetadata(device)) {
          if (series.getTsDataType() == TSDataType.VECTOR) {
            continue;
          }
          org.apache.tsfile.read.common.Path path =
              new org.apache.tsfile.read.common.Path(device, series.getMeasurementId(), false);
          QueryDataSet rows = reader.query(QueryExpression.create(List.of(path), null));
          NavigableMap<Long, Object> points = new TreeMap<>();
          while (rows.hasNext()) {
            RowRecord row = rows.next();
            Field field = row.getFields().get(0);
            if (field != null && field.getDataType() != null) {
              points.put(row.getTimestamp(), value(field, series.getTsDataType()));
            }
          }
          if (!points.isEmpty()) {
            all.put(new SeriesKey(device.toString(), series.getMeasurementId()), points);
          }
        }
      }
    }
    return all;
  }

  private static Object value(Field field, TSDataType type) {
    Object value = field.getObjectValue(type);
    if (value instanceof LocalDate date) {
      return date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
    }
    return switch (type) {
      case TEXT, STRING, BLOB -> field.getBinaryV();
      case INT64, TIMESTAMP -> field.getLongV();
      default -> value;
    };
  }
}
