package io.sluice.cli.load;

import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/** Rows of one device that wait to become a tablet, in the order of the file. */
final class DeviceRows {
  /**
   * A tablet ready to go.
   *
   * @param firstLine the line of its first row
   * @param lastLine the line of its last row
   */
  record Load(
      Tablet tablet, boolean aligned, int rows, long values, long firstLine, long lastLine) {}

  private record Row(long time, Object[] values) {}

  private final DevicePlan plan;
  private final List<Row> rows = new ArrayList<>();
  private long values;
  private long firstLine;
  private long lastLine;

  DeviceRows(DevicePlan plan) {
    this.plan = plan;
  }

  /**
   * Takes a row.
   *
   * @param values as many as the plan has columns; null where there is none, but not all
   */
  void add(long line, long time, Object[] values) {
    if (rows.isEmpty()) {
      firstLine = line;
    }
    lastLine = line;
    rows.add(new Row(time, values));
    for (Object value : values) {
      this.values += value == null ? 0 : 1;
    }
  }

  int size() {
    return rows.size();
  }

  /** Makes a tablet of all rows and forgets them. There must be one. */
  Load take() {
    List<IMeasurementSchema> schemas = new ArrayList<>();
    for (int i = 0; i < plan.measurements().size(); i++) {
      TSDataType type = plan.types().get(i);
      schemas.add(new MeasurementSchema(plan.measurements().get(i), type));
    }
    Tablet tablet = new Tablet(plan.device(), schemas, rows.size());
    for (int row = 0; row < rows.size(); row++) {
      tablet.addTimestamp(row, rows.get(row).time());
      Object[] cells = rows.get(row).values();
      for (int i = 0; i < cells.length; i++) {
        tablet.addValue(plan.measurements().get(i), row, cells[i]);
      }
    }
    Load load = new Load(tablet, plan.aligned(), rows.size(), values, firstLine, lastLine);
    rows.clear();
    values = 0;
    return load;
  }
}
