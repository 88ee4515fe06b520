package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.NoRows;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.sql.statement.Select;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;
import org.apache.tsfile.utils.Binary;

/**
 * ALIGN BY DEVICE: the rows of one device after the other, each in time order, with a column per
 * measurement that all devices share. One device is read at a time.
 */
final class DeviceQuery implements RowBlocks {
  private final ClusterRegions regions;
  private final Select select;
  private final TimeRange times;
  private final Map<String, TSDataType> measurements = new LinkedHashMap<>();
  private final TreeMap<String, Map<String, SelectedSeries.Found>> devices;
  private RowBlocks rows = NoRows.INSTANCE;
  private Binary device;
  private int[] places;

  private DeviceQuery(
      ClusterRegions regions,
      Select select,
      TreeMap<String, Map<String, SelectedSeries.Found>> devices) {
    this.regions = regions;
    this.select = select;
    this.times = new TimeRange(select.times().firstMs(), select.times().lastMs());
    this.devices = devices;
  }

  /**
   * @param named the series in the order of the select list, each with its column's name
   * @throws StatusException when two devices have series of different types in one column
   */
  static StatementResult.Rows open(ClusterRegions regions, Select select, List<Named> named)
      throws StatusException {
    DeviceQuery query = new DeviceQuery(regions, select, new TreeMap<>());
    for (Named one : named) {
      query.add(one);
    }
    List<ResultColumn> columns = new ArrayList<>();
    columns.add(new ResultColumn("Device", TSDataType.TEXT, 0));
    query.measurements.forEach(
        (name, type) -> columns.add(new ResultColumn(name, type, columns.size())));
    return new StatementResult.Rows(columns, true, query);
  }

  /** A series and what stands above its column. */
  record Named(String column, SelectedSeries.Found found) {}

  private void add(Named one) throws StatusException {
    TSDataType type = one.found().series().spec().type();
    TSDataType before = measurements.putIfAbsent(one.column(), type);
    if (before != null && before != type) {
      throw new StatusException(
          StatusCode.SEMANTIC_ERROR,
          "ALIGN BY DEVICE: the data types of the same measurement column should be the same"
              + " across devices.");
    }
    devices
        .computeIfAbsent(one.found().series().device(), name -> new LinkedHashMap<>())
        .put(one.column(), one.found());
  }

  @Override
  public TsBlock next() throws StatusException {
    for (TsBlock block = rows.next(); ; block = rows.next()) {
      if (block != null) {
        return withDevice(block);
      }
      rows.close();
      rows = NoRows.INSTANCE;
      if (devices.isEmpty()) {
        return null;
      }
      openNextDevice();
    }
  }

  private void openNextDevice() throws StatusException {
    Map.Entry<String, Map<String, SelectedSeries.Found>> next = devices.pollFirstEntry();
    device = new Binary(next.getKey(), StandardCharsets.UTF_8);
    ScanPlan plan = new ScanPlan();
    places = new int[measurements.size()];
    int column = 0;
    for (String measurement : measurements.keySet()) {
      SelectedSeries.Found found = next.getValue().get(measurement);
      places[column++] = found == null ? -1 : plan.place(found);
    }
    if (select.rows() == null) {
      rows = plan.open(times, false, 0);
      return;
    }
    List<TSDataType> shown = plan.types();
    List<String> prefix = PathPattern.parse(next.getKey()).nodes();
    RowTest test = new RowTests(regions, List.of(prefix), plan).of(select.rows());
    rows = new FilteredRows(plan.open(times, false, 0), test, shown);
  }

  private TsBlock withDevice(TsBlock block) {
    List<TSDataType> types = new ArrayList<>();
    types.add(TSDataType.TEXT);
    types.addAll(measurements.values());
    TsBlockBuilder builder = new TsBlockBuilder(block.getPositionCount(), types);
    for (int row = 0; row < block.getPositionCount(); row++) {
      builder.getTimeColumnBuilder().writeLong(block.getTimeByIndex(row));
      builder.getColumnBuilder(0).writeBinary(device);
      for (int i = 0; i < places.length; i++) {
        if (places[i] < 0 || block.getColumn(places[i]).isNull(row)) {
          builder.getColumnBuilder(i + 1).appendNull();
        } else {
          builder.getColumnBuilder(i + 1).write(block.getColumn(places[i]), row);
        }
      }
      builder.declarePosition();
    }
    return builder.build();
  }

  @Override
  public void close() {
    rows.close();
  }
}
