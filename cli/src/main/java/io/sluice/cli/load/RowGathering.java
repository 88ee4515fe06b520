package io.sluice.cli.load;

import io.sluice.cli.csv.CsvField;
import io.sluice.cli.csv.CsvRecord;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.SeriesCatalog;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.value.BadValueException;
import io.sluice.cli.value.SeriesPath;
import io.sluice.cli.value.ValueText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/**
 * Turns records into rows of devices and sends them when there are enough. Confined to one thread.
 */
final class RowGathering {
  /** Devices that one file may name: each costs a little memory to the end. */
  static final int DEVICES_MAX = 100_000;

  /** Rows that wait for their tablets to fill, over all devices. */
  static final int WAITING_ROWS_MAX = 50_000;

  /** What became of a record. */
  sealed interface Taken {}

  /** Its rows will be sent. */
  record Rows() implements Taken {}

  /** It holds a time and no value. */
  record Nothing() implements Taken {}

  /** It is no row, and nothing of it is sent. */
  record Refused(String reason) implements Taken {}

  private record DeviceValues(DeviceRows rows, Object[] values) {}

  private record Target(DevicePlan plan, DeviceRows rows) {}

  private static final Taken ROWS = new Rows();
  private static final Taken NOTHING = new Nothing();

  private final CsvLayout layout;
  private final List<TSDataType> columnTypes;
  private final ImportOptions options;
  private final SeriesCatalog catalog;
  private final TabletPipeline pipeline;
  private final Map<String, Target> targets = new LinkedHashMap<>();

  /** The devices of the header; empty where each line names its own. */
  private final List<String> headerDevices;

  private int waitingRows;

  RowGathering(
      CsvLayout layout,
      List<TSDataType> columnTypes,
      ImportOptions options,
      SeriesCatalog catalog,
      TabletPipeline pipeline) {
    this.layout = layout;
    this.columnTypes = columnTypes;
    this.options = options;
    this.catalog = catalog;
    this.pipeline = pipeline;
    this.headerDevices =
        layout.deviceInLine()
            ? List.of()
            : layout.columns().stream().map(CsvLayout.Column::device).distinct().toList();
  }

  /** Takes a record, whole or not at all. */
  Taken add(CsvRecord.Fields record)
      throws BadLayoutException, ImportStoppedException, RefusedException, UnreachableException {
    List<CsvField> fields = record.fields();
    if (fields.size() != layout.fieldCount()) {
      return new Refused("expected " + layout.fieldCount() + " fields, found " + fields.size());
    }
    List<DeviceValues> parts = new ArrayList<>(1);
    long time;
    try {
      time = options.times().read(fields.get(0).text());
      for (String device : devices(fields)) {
        Target target = target(device);
        Object[] values = values(fields, target.plan());
        if (values != null) {
          parts.add(new DeviceValues(target.rows(), values));
        }
      }
    } catch (BadValueException e) {
      return new Refused(e.getMessage());
    }
    for (DeviceValues part : parts) {
      add(record.line(), time, part);
    }
    return parts.isEmpty() ? NOTHING : ROWS;
  }

  /** Sends everything that still waits. */
  void flush() throws ImportStoppedException {
    for (Target target : targets.values()) {
      if (target.rows().size() > 0) {
        pipeline.send(target.rows().take());
      }
    }
    waitingRows = 0;
  }

  private void add(long line, long time, DeviceValues part) throws ImportStoppedException {
    part.rows().add(line, time, part.values());
    waitingRows++;
    if (part.rows().size() >= options.batchRows()) {
      waitingRows -= part.rows().size();
      pipeline.send(part.rows().take());
    } else if (waitingRows >= WAITING_ROWS_MAX) {
      flush();
    }
  }

  private List<String> devices(List<CsvField> fields) throws BadValueException {
    if (!layout.deviceInLine()) {
      return headerDevices;
    }
    String device = fields.get(1).text().strip();
    if (!SeriesPath.isDevice(device)) {
      throw new BadValueException("not a device's path: " + ValueText.shown(device));
    }
    return List.of(device);
  }

  private Target target(String device)
      throws BadLayoutException, RefusedException, UnreachableException {
    Target target = targets.get(device);
    if (target == null) {
      if (targets.size() >= DEVICES_MAX) {
        throw new BadLayoutException("more than " + DEVICES_MAX + " devices: part the file");
      }
      DevicePlan plan =
          DevicePlan.of(device, layout, columnTypes, catalog.device(device), options.aligned());
      target = new Target(plan, new DeviceRows(plan));
      targets.put(device, target);
    }
    return target;
  }

  /** The values of one device in this line, or null if there is none. */
  private Object[] values(List<CsvField> fields, DevicePlan plan) throws BadValueException {
    Object[] values = new Object[plan.measurements().size()];
    boolean any = false;
    for (int i = 0; i < values.length; i++) {
      CsvField field = fields.get(plan.fields().get(i));
      TSDataType type = plan.types().get(i);
      if (!isMissing(field, type)) {
        try {
          values[i] = ValueText.read(field.text(), type, options.times());
        } catch (BadValueException e) {
          throw new BadValueException(
              "column " + plan.measurements().get(i) + ": " + e.getMessage());
        }
        any = true;
      }
    }
    return any ? values : null;
  }

  /** Quotes around nothing are an empty text, but no value of another type. */
  private boolean isMissing(CsvField field, TSDataType type) {
    boolean isText = type == TSDataType.TEXT || type == TSDataType.STRING;
    return field.isMissing()
        || (!isText && field.text().isBlank())
        || field.text().equals(options.nullText());
  }
}
