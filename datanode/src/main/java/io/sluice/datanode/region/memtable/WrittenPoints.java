package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.InsertRows;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one write brings to one series. A pure function of the entry, so it may be worked out before
 * the entry is in the log.
 *
 * @param spec as the entry has it
 * @param run null when the entry names the series without points
 */
public record WrittenPoints(String device, boolean aligned, SeriesSpec spec, PointRun run) {

  /**
   * All of a write's series, each with its points in the entry's order; empty for an entry without
   * points.
   */
  public static List<WrittenPoints> of(LogEntry entry) throws MalformedTabletException {
    if (entry instanceof InsertTablet tablet) {
      return ofTablet(tablet);
    }
    return entry instanceof InsertRows rows ? ofRows(rows.rows()) : List.of();
  }

  private static List<WrittenPoints> ofTablet(InsertTablet tablet) throws MalformedTabletException {
    List<PointRun> runs = TabletDecoder.decode(tablet);
    List<WrittenPoints> written = new ArrayList<>(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      SeriesSpec spec = tablet.columns().get(i);
      written.add(new WrittenPoints(tablet.device(), tablet.aligned(), spec, runs.get(i)));
    }
    return written;
  }

  private static List<WrittenPoints> ofRows(List<Row> rows) {
    Map<ColumnOfRows, RunBuilder> builders = new LinkedHashMap<>();
    for (Row row : rows) {
      for (int i = 0; i < row.columns().size(); i++) {
        SeriesSpec spec = row.columns().get(i);
        SeriesKey key = new SeriesKey(row.device(), spec.measurement());
        ColumnOfRows column = new ColumnOfRows(key, row.aligned(), spec);
        builders
            .computeIfAbsent(column, fresh -> new RunBuilder(spec))
            .add(row.time(), row.values().get(i));
      }
    }
    List<WrittenPoints> written = new ArrayList<>(builders.size());
    builders.forEach(
        (column, builder) ->
            written.add(
                new WrittenPoints(
                    column.key().device(), column.aligned(), column.spec(), builder.run())));
    return written;
  }

  private record ColumnOfRows(SeriesKey key, boolean aligned, SeriesSpec spec) {}

  private static final class RunBuilder {
    private final SeriesSpec spec;
    private long[] times = new long[1];
    private Object values;
    private int count;

    RunBuilder(SeriesSpec spec) {
      this.spec = spec;
      this.values = PointBatch.newValues(spec.type(), 1);
    }

    void add(long time, Object value) {
      if (count == times.length) {
        Object grown = PointBatch.newValues(spec.type(), count * 2);
        System.arraycopy(values, 0, grown, 0, count);
        values = grown;
        times = Arrays.copyOf(times, count * 2);
      }
      times[count] = time;
      Columns.set(spec.type(), values, count, value);
      count++;
    }

    PointRun run() {
      long bytes = PointRun.valueBytes(spec.type(), values, count) + (long) Long.BYTES * count;
      boolean ascending = PointRun.strictlyAscending(times, count);
      return new PointRun(spec.type(), times, values, count, ascending, bytes);
    }
  }
}
