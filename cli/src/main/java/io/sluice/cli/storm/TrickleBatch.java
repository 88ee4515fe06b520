package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Some rows of one device, sent and acknowledged as one.
 *
 * @param times ascending
 * @param firstValue row {@code i}'s value of {@code v}; {@code w} has its negative
 */
record TrickleBatch(
    String device, Shape shape, long[] times, long firstValue, boolean withV, boolean withW) {

  /** How the rows are handed over. A device keeps to one. */
  enum Shape {
    TABLET,
    ALIGNED_TABLET,
    SQL,
    RECORDS,
    SINGLE_RECORD
  }

  long v(int row) {
    return firstValue + row;
  }

  long w(int row) {
    return -v(row);
  }

  private List<String> measurements() {
    List<String> names = new ArrayList<>();
    if (withV) {
      names.add("v");
    }
    if (withW) {
      names.add("w");
    }
    return names;
  }

  private List<Object> values(int row) {
    List<Object> values = new ArrayList<>();
    if (withV) {
      values.add(v(row));
    }
    if (withW) {
      values.add(w(row));
    }
    return values;
  }

  void writeTo(StormClient client) throws IoTDBConnectionException, StatementExecutionException {
    switch (shape) {
      case TABLET -> client.session().insertTablet(tablet(), true);
      case ALIGNED_TABLET -> client.session().insertAlignedTablet(tablet(), true);
      case SQL -> client.session().executeNonQueryStatement(sql());
      case RECORDS -> writeRecords(client);
      case SINGLE_RECORD -> {
        for (int row = 0; row < times.length; row++) {
          client.session().insertRecord(device, times[row], measurements(), types(), values(row));
        }
      }
    }
  }

  private List<TSDataType> types() {
    return measurements().stream().map(name -> TSDataType.INT64).toList();
  }

  private void writeRecords(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    List<String> devices = new ArrayList<>();
    List<Long> at = new ArrayList<>();
    List<List<String>> names = new ArrayList<>();
    List<List<TSDataType>> types = new ArrayList<>();
    List<List<Object>> values = new ArrayList<>();
    for (int row = 0; row < times.length; row++) {
      devices.add(device);
      at.add(times[row]);
      names.add(measurements());
      types.add(types());
      values.add(values(row));
    }
    client.session().insertRecords(devices, at, names, types, values);
  }

  private Tablet tablet() {
    List<IMeasurementSchema> schemas = new ArrayList<>();
    for (String name : measurements()) {
      schemas.add(new MeasurementSchema(name, TSDataType.INT64));
    }
    Tablet tablet = new Tablet(device, schemas, times.length);
    for (int row = 0; row < times.length; row++) {
      tablet.addTimestamp(row, times[row]);
      List<Object> values = values(row);
      for (int column = 0; column < values.size(); column++) {
        tablet.addValue(row, column, (long) values.get(column));
      }
    }
    return tablet;
  }

  private String sql() {
    StringBuilder text =
        new StringBuilder("insert into " + device + "(time," + String.join(",", measurements()));
    text.append(") values");
    for (int row = 0; row < times.length; row++) {
      text.append(row == 0 ? "(" : ",(").append(times[row]);
      values(row).forEach(value -> text.append(',').append(value));
      text.append(')');
    }
    return text.toString();
  }
}
