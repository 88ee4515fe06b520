package io.sluice.cli.dump;

import io.sluice.cli.value.SeriesPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/**
 * Sorts a query's columns by device.
 *
 * @param measurements the columns of the file, without the time and the device
 * @param types their types
 * @param fields per device: for each measurement the index of the query's column, or -1
 */
record DeviceColumns(List<String> measurements, List<TSDataType> types, Map<String, int[]> fields) {
  private static final int NONE = -1;

  /**
   * Sorts them.
   *
   * @param names the query's columns, the time first
   * @throws BadColumnsException if one is no series, or devices differ in the type of a measurement
   */
  static DeviceColumns of(List<String> names, List<TSDataType> types) throws BadColumnsException {
    Map<String, TSDataType> typeOf = new LinkedHashMap<>();
    List<SeriesPath> series = new ArrayList<>();
    for (int i = 1; i < names.size(); i++) {
      SeriesPath path = series(names.get(i));
      series.add(path);
      TSDataType before = typeOf.putIfAbsent(path.measurement(), types.get(i));
      if (before != null && before != types.get(i)) {
        throw new BadColumnsException(
            path.measurement() + " has two types among the devices: use --layout time");
      }
    }
    List<String> measurements = List.copyOf(typeOf.keySet());
    Map<String, int[]> fields = new LinkedHashMap<>();
    for (int i = 0; i < series.size(); i++) {
      int[] device = fields.computeIfAbsent(series.get(i).device(), d -> none(measurements.size()));
      device[measurements.indexOf(series.get(i).measurement())] = i + 1;
    }
    return new DeviceColumns(measurements, List.copyOf(typeOf.values()), fields);
  }

  /** The fields of one device, or null if this row has no value of it. */
  List<String> line(String device, List<String> row) {
    List<String> line = new ArrayList<>(measurements.size() + 2);
    line.add(row.get(0));
    line.add(device);
    boolean any = false;
    for (int field : fields.get(device)) {
      String value = field == NONE ? null : row.get(field);
      any |= value != null;
      line.add(value);
    }
    return any ? line : null;
  }

  private static SeriesPath series(String name) throws BadColumnsException {
    return SeriesPath.parse(name)
        .orElseThrow(() -> new BadColumnsException(name + " is no series: use --layout time"));
  }

  private static int[] none(int size) {
    int[] fields = new int[size];
    Arrays.fill(fields, NONE);
    return fields;
  }
}
