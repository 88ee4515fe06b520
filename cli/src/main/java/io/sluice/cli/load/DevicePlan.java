package io.sluice.cli.load;

import io.sluice.cli.server.SeriesCatalog;
import io.sluice.cli.value.SeriesPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/**
 * How the fields of a line become values of one device.
 *
 * @param fields index of the field of each measurement
 * @param types type of each measurement
 */
record DevicePlan(
    String device,
    boolean aligned,
    List<String> measurements,
    List<Integer> fields,
    List<TSDataType> types) {

  /**
   * Plans a device: a series that exists keeps its type, another gets the column's.
   *
   * @param columnTypes the type of each column of the layout; null for a column without a value,
   *     which then is left out
   * @param aligned whether a new device shall be aligned
   */
  static DevicePlan of(
      String device,
      CsvLayout layout,
      List<TSDataType> columnTypes,
      SeriesCatalog.Device existing,
      boolean aligned) {
    Map<List<String>, TSDataType> existingTypes = new HashMap<>();
    existing.types().forEach((path, type) -> existingTypes.put(SeriesPath.nodeNames(path), type));
    List<String> measurements = new ArrayList<>();
    List<Integer> fields = new ArrayList<>();
    List<TSDataType> types = new ArrayList<>();
    for (int i = 0; i < columnTypes.size(); i++) {
      CsvLayout.Column column = layout.columns().get(i);
      if (column.device() == null || column.device().equals(device)) {
        String path = new SeriesPath(device, column.measurement()).path();
        TSDataType type =
            existingTypes.getOrDefault(SeriesPath.nodeNames(path), columnTypes.get(i));
        if (type != null) {
          measurements.add(column.measurement());
          fields.add(layout.leadingFields() + i);
          types.add(type);
        }
      }
    }
    return new DevicePlan(device, aligned || existing.aligned(), measurements, fields, types);
  }
}
