package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.tsfile.SealedFileWriter.Column;
import io.sluice.datanode.tsfile.SealedFileWriter.DevicePoints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Points not yet in a file, by device and measurement. One thread appends, any thread reads; see
 * {@link SeriesColumn}.
 */
public final class MemTable {
  /** Heap of a series that has just appeared: its column, its keys, its place in the maps. */
  private static final int SERIES_OVERHEAD_BYTES = 400;

  private final Map<String, Map<String, SeriesColumn>> devices = new ConcurrentHashMap<>();
  private volatile long bytes;
  private volatile long points;
  private volatile long rows;

  /** Appends one write's points of one series. Only the applying thread calls this. */
  public void append(SeriesInfo info, PointRun run, long index) {
    Map<String, SeriesColumn> columns =
        devices.computeIfAbsent(info.device(), device -> new ConcurrentHashMap<>());
    SeriesColumn column = columns.get(info.spec().measurement());
    long cost = 0;
    if (column == null) {
      column = new SeriesColumn(info);
      columns.put(info.spec().measurement(), column);
      cost += SERIES_OVERHEAD_BYTES;
    }
    cost += column.append(run, index);
    setTotals(bytes + cost, points + run.count());
  }

  private void setTotals(long newBytes, long newPoints) {
    bytes = newBytes;
    points = newPoints;
  }

  /** A write of so many rows has been appended. Only the applying thread calls this. */
  public void countRows(int count) {
    setRows(rows + count);
  }

  private void setRows(long newRows) {
    rows = newRows;
  }

  /** Rows written, those of equal times counted each. */
  public long rows() {
    return rows;
  }

  /** Heap this memtable takes, estimated. */
  public long bytes() {
    return bytes;
  }

  /** Points appended, those of equal times counted each. */
  public long points() {
    return points;
  }

  public boolean empty() {
    return points == 0;
  }

  /** Whether it has rows of this device. */
  public boolean holds(String device) {
    return devices.containsKey(device);
  }

  /** Sorted points of entries up to {@code upToIndex}, null for none. */
  public PointBatch points(SeriesKey key, long upToIndex) {
    Map<String, SeriesColumn> columns = devices.get(key.device());
    SeriesColumn column = columns == null ? null : columns.get(key.measurement());
    return column == null ? null : column.points(upToIndex);
  }

  /**
   * All points by device and measurement in order, sorted device by device as they are asked for.
   */
  public Iterator<DevicePoints> inOrder() {
    Stream<String> names = devices.keySet().stream().sorted();
    return names.map(this::devicePoints).iterator();
  }

  private DevicePoints devicePoints(String device) {
    List<SeriesColumn> sorted = new ArrayList<>(devices.get(device).values());
    sorted.sort(Comparator.comparing(column -> column.info().spec().measurement()));
    List<Column> columns = new ArrayList<>(sorted.size());
    for (SeriesColumn column : sorted) {
      columns.add(new Column(column.info().spec(), column.points(Long.MAX_VALUE)));
    }
    return new DevicePoints(device, sorted.get(0).info().aligned(), columns);
  }
}
