package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.MergedRows;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.sql.statement.Select;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/** Raw rows, counts and last values of series over all regions. Thread-safe. */
public final class Queries {
  private final ClusterRegions regions;

  Queries(ClusterRegions regions) {
    this.regions = regions;
  }

  StatementResult.Rows select(Select select) throws StatusException {
    List<PathPattern> patterns = new ArrayList<>();
    for (Select.Column column : select.columns()) {
      for (List<String> prefix : select.prefixes()) {
        List<String> nodes = new ArrayList<>(prefix);
        nodes.addAll(column.suffix());
        patterns.add(PathPattern.of(nodes));
      }
    }
    TimeRange times = new TimeRange(select.times().firstMs(), select.times().lastMs());
    if (select.aggregates()) {
      return sliced(count(patterns, times), select.limit(), select.offset());
    }
    long wanted = select.limit() == 0 ? 0 : saturatedSum(select.limit(), select.offset());
    return sliced(
        rows(patterns, times, select.descending(), wanted), select.limit(), select.offset());
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? 0 : sum;
  }

  private static StatementResult.Rows sliced(StatementResult.Rows rows, long limit, long offset) {
    if (limit == 0 && offset == 0) {
      return rows;
    }
    return new StatementResult.Rows(
        rows.columns(), rows.withTime(), new SlicedRows(rows.blocks(), limit, offset));
  }

  /**
   * A row for each time stamp at which any matching series has a point, with the columns in the
   * order of the patterns.
   *
   * @param limitRows 0 for all
   */
  public StatementResult.Rows rows(
      List<PathPattern> patterns, TimeRange times, boolean descending, long limitRows)
      throws StatusException {
    List<SelectedSeries.Found> found = SelectedSeries.inOrderOf(regions, patterns);
    Map<SeriesKey, Integer> blocks = new LinkedHashMap<>();
    List<ResultColumn> columns = new ArrayList<>();
    Map<UUID, Part> parts = new LinkedHashMap<>();
    List<TSDataType> types = new ArrayList<>();
    for (SelectedSeries.Found one : found) {
      SeriesKey key = one.series().key();
      TSDataType type = one.series().spec().type();
      Integer block = blocks.get(key);
      if (block == null) {
        block = blocks.size();
        blocks.put(key, block);
        types.add(type);
        parts
            .computeIfAbsent(one.region().id(), id -> new Part(one.region()))
            .add(key, type, block);
      }
      columns.add(new ResultColumn(key.path(), type, block));
    }
    if (parts.isEmpty() || times.empty()) {
      return new StatementResult.Rows(columns, true, NoRows.INSTANCE);
    }
    return new StatementResult.Rows(
        columns, true, open(List.copyOf(parts.values()), types, times, descending, limitRows));
  }

  private static RowBlocks open(
      List<Part> parts, List<TSDataType> types, TimeRange times, boolean descending, long limitRows)
      throws StatusException {
    List<MergedRows.Input> inputs = new ArrayList<>();
    try {
      for (Part part : parts) {
        ScanRequest request = new ScanRequest(part.keys, part.types, times, descending, limitRows);
        inputs.add(new MergedRows.Input(part.region.scan(request), part.targets()));
      }
    } catch (StatusException | RuntimeException e) {
      inputs.forEach(input -> input.rows().close());
      throw e;
    }
    return inputs.size() == 1
        ? inputs.get(0).rows()
        : new MergedRows(inputs, types, descending, 0, 0, ReadOptions.DEFAULT);
  }

  /** One row: how many points each matching series has. Without series there is no row. */
  public StatementResult.Rows count(List<PathPattern> patterns, TimeRange times)
      throws StatusException {
    List<SelectedSeries.Found> found = SelectedSeries.inOrderOf(regions, patterns);
    if (found.isEmpty()) {
      return new StatementResult.Rows(List.of(), true, NoRows.INSTANCE);
    }
    Map<UUID, Part> parts = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      SelectedSeries.Found one = found.get(i);
      parts
          .computeIfAbsent(one.region().id(), id -> new Part(one.region()))
          .add(one.series().key(), one.series().spec().type(), i);
    }
    Object[] counts = new Object[found.size()];
    for (Part part : parts.values()) {
      long[] partCounts = new long[part.keys.size()];
      if (!times.empty()) {
        partCounts = part.region.count(new ScanRequest(part.keys, part.types, times, false, 0));
      }
      List<Integer> targets = part.targets();
      for (int i = 0; i < partCounts.length; i++) {
        counts[targets.get(i)] = partCounts[i];
      }
    }
    ResultTable table = new ResultTable();
    for (SelectedSeries.Found one : found) {
      table.columns(TSDataType.INT64, "count(" + one.series().key().path() + ")");
    }
    return table.row(counts).result();
  }

  /** The last point of each matching series from {@code fromMs} on. */
  public StatementResult.Rows last(List<PathPattern> patterns, long fromMs) throws StatusException {
    TimeRange times = new TimeRange(fromMs, Long.MAX_VALUE);
    ResultTable table = new ResultTable().text("Timeseries", "Value", "DataType").withTime();
    for (SelectedSeries.Found one : SelectedSeries.matching(regions, patterns)) {
      SeriesKey key = one.series().key();
      TSDataType type = one.series().spec().type();
      ScanRequest request = new ScanRequest(List.of(key), List.of(type), times, true, 1);
      try (RowBlocks blocks = one.region().scan(request)) {
        TsBlock block = blocks.next();
        if (block != null) {
          table.rowAt(
              block.getTimeByIndex(0), key.path(), text(type, block.getColumn(0)), type.name());
        }
      }
    }
    return table.result();
  }

  private static String text(TSDataType type, Column column) {
    return switch (type) {
      case BOOLEAN -> Boolean.toString(column.getBoolean(0));
      case INT32 -> Integer.toString(column.getInt(0));
      case DATE -> TSDataType.getDateStringValue(column.getInt(0));
      case INT64, TIMESTAMP -> Long.toString(column.getLong(0));
      case FLOAT -> Float.toString(column.getFloat(0));
      case DOUBLE -> Double.toString(column.getDouble(0));
      default -> column.getBinary(0).getStringValue(StandardCharsets.UTF_8);
    };
  }

  /** What one region is asked for, and to which columns of the answer that goes. */
  private static final class Part {
    private final RegionAccess region;
    private final List<SeriesKey> keys = new ArrayList<>();
    private final List<TSDataType> types = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();

    Part(RegionAccess region) {
      this.region = region;
    }

    void add(SeriesKey key, TSDataType type, int target) {
      keys.add(key);
      types.add(type);
      targets.add(target);
    }

    List<Integer> targets() {
      return targets;
    }
  }
}
