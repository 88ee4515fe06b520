package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.NoRows;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.SlicedRows;
import io.sluice.sql.statement.RowCondition;
import io.sluice.sql.statement.Select;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/** Raw rows, aggregates and last points of series over all regions. Thread-safe. */
public final class Queries {
  private final ClusterRegions regions;

  Queries(ClusterRegions regions) {
    this.regions = regions;
  }

  /** One column of an answer, before it is known where its values stand. */
  private record Chosen(Select.Function function, SelectedSeries.Found found, String name) {}

  StatementResult.Rows select(Select select) throws StatusException {
    TimeRange times = new TimeRange(select.times().firstMs(), select.times().lastMs());
    if (select.last()) {
      StatementResult.Rows last = last(patterns(select), times, select.descending());
      return sliced(last, select.limit(), select.offset());
    }
    List<Chosen> chosen = seriesSlice(chosen(select), select);
    if (select.byDevice()) {
      List<DeviceQuery.Named> named =
          chosen.stream().map(one -> new DeviceQuery.Named(one.name(), one.found())).toList();
      return sliced(DeviceQuery.open(regions, select, named), select.limit(), select.offset());
    }
    if (select.aggregates()) {
      return sliced(aggregated(chosen, times, select), select.limit(), select.offset());
    }
    boolean limited = select.limit() > 0 && select.rows() == null;
    long wanted = limited ? saturatedSum(select.limit(), select.offset()) : 0;
    ScanPlan plan = new ScanPlan();
    List<ResultColumn> columns = new ArrayList<>();
    for (Chosen one : chosen) {
      TSDataType type = one.found().series().spec().type();
      columns.add(new ResultColumn(one.name(), type, plan.place(one.found())));
    }
    RowBlocks rows = open(plan, select, times, select.descending(), wanted);
    return sliced(new StatementResult.Rows(columns, true, rows), select.limit(), select.offset());
  }

  /** The rows of the plan's series for which the WHERE holds, with no other columns. */
  private RowBlocks open(
      ScanPlan plan, Select select, TimeRange times, boolean descending, long limitRows)
      throws StatusException {
    List<TSDataType> shown = plan.types();
    RowCondition condition = select.rows();
    if (condition == null || shown.isEmpty()) {
      return plan.open(times, descending, limitRows);
    }
    RowTest test = new RowTests(regions, select.prefixes(), plan).of(condition);
    return new FilteredRows(plan.open(times, descending, limitRows), test, shown);
  }

  private static List<PathPattern> patterns(Select select) {
    List<PathPattern> patterns = new ArrayList<>();
    for (Select.Column column : select.columns()) {
      for (List<String> prefix : select.prefixes()) {
        List<String> nodes = new ArrayList<>(prefix);
        nodes.addAll(column.suffix());
        patterns.add(PathPattern.of(nodes));
      }
    }
    return patterns;
  }

  private List<Chosen> chosen(Select select) throws StatusException {
    List<List<SelectedSeries.Found>> found = SelectedSeries.perPattern(regions, patterns(select));
    int prefixes = select.prefixes().size();
    List<Chosen> chosen = new ArrayList<>();
    for (int i = 0; i < select.columns().size(); i++) {
      Select.Column column = select.columns().get(i);
      int before = chosen.size();
      for (List<SelectedSeries.Found> series : found.subList(i * prefixes, (i + 1) * prefixes)) {
        series.forEach(
            one -> chosen.add(new Chosen(column.function(), one, name(select, column, one))));
      }
      boolean several = chosen.size() - before > 1 && !select.byDevice();
      if (column.alias() != null && several) {
        throw new StatusException(
            StatusCode.SEMANTIC_ERROR,
            "alias '%s' can only be matched with one time series".formatted(column.alias()));
      }
    }
    return chosen;
  }

  private static String name(Select select, Select.Column column, SelectedSeries.Found found) {
    if (column.alias() != null) {
      return column.alias();
    }
    if (select.byDevice()) {
      return found.series().spec().measurement();
    }
    String path = found.series().key().path();
    return column.function() == Select.Function.RAW
        ? path
        : column.function().name().toLowerCase(Locale.ROOT) + "(" + path + ")";
  }

  private static List<Chosen> seriesSlice(List<Chosen> all, Select select) throws StatusException {
    if (select.seriesOffset() > 0 && select.seriesOffset() >= all.size()) {
      throw new StatusException(
          StatusCode.SEMANTIC_ERROR,
          "The value of SOFFSET (%d) is equal to or exceeds the number of sequences (%d) that can actually be returned."
              .formatted(select.seriesOffset(), all.size()));
    }
    return all.stream()
        .skip(select.seriesOffset())
        .limit(select.seriesLimit() == 0 ? all.size() : select.seriesLimit())
        .toList();
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
    ScanPlan plan = new ScanPlan();
    List<ResultColumn> columns = new ArrayList<>();
    for (List<SelectedSeries.Found> found : SelectedSeries.perPattern(regions, patterns)) {
      for (SelectedSeries.Found one : found) {
        columns.add(
            new ResultColumn(
                one.series().key().path(), one.series().spec().type(), plan.place(one)));
      }
    }
    return new StatementResult.Rows(columns, true, plan.open(times, descending, limitRows));
  }

  /** One row: how many points each matching series has. Without series there is no row. */
  public StatementResult.Rows count(List<PathPattern> patterns, TimeRange times)
      throws StatusException {
    List<Chosen> chosen = new ArrayList<>();
    for (List<SelectedSeries.Found> found : SelectedSeries.perPattern(regions, patterns)) {
      for (SelectedSeries.Found one : found) {
        String name = "count(" + one.series().key().path() + ")";
        chosen.add(new Chosen(Select.Function.COUNT, one, name));
      }
    }
    return chosen.isEmpty() ? nothingAggregated() : counted(chosen, times);
  }

  /** One row without a time; without series there is neither a column nor a row. */
  private StatementResult.Rows aggregated(List<Chosen> chosen, TimeRange times, Select select)
      throws StatusException {
    if (chosen.isEmpty()) {
      return nothingAggregated();
    }
    boolean counts = chosen.stream().allMatch(one -> one.function() == Select.Function.COUNT);
    if (counts && select.rows() == null) {
      return counted(chosen, times);
    }
    ScanPlan plan = new ScanPlan();
    List<Aggregate> aggregates = new ArrayList<>();
    for (Chosen one : chosen) {
      TSDataType type = one.found().series().spec().type();
      aggregates.add(new Aggregate(one.function(), type, plan.place(one.found())));
    }
    try (RowBlocks rows = open(plan, select, times, false, 0)) {
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        for (Aggregate aggregate : aggregates) {
          aggregate.add(block);
        }
      }
    }
    ResultTable table = new ResultTable();
    for (int i = 0; i < chosen.size(); i++) {
      table.columns(aggregates.get(i).resultType(), chosen.get(i).name());
    }
    return table.row(aggregates.stream().map(Aggregate::result).toArray()).result();
  }

  private static StatementResult.Rows nothingAggregated() {
    return new StatementResult.Rows(List.of(), false, NoRows.INSTANCE);
  }

  private static StatementResult.Rows counted(List<Chosen> chosen, TimeRange times)
      throws StatusException {
    ScanPlan plan = new ScanPlan();
    int[] places = chosen.stream().mapToInt(one -> plan.place(one.found())).toArray();
    long[] counts = plan.count(times);
    Object[] row = new Object[chosen.size()];
    ResultTable table = new ResultTable();
    for (int i = 0; i < row.length; i++) {
      row[i] = counts[places[i]];
      table.columns(TSDataType.INT64, chosen.get(i).name());
    }
    return table.row(row).result();
  }

  /** The last point of each matching series from {@code fromMs} on. */
  public StatementResult.Rows last(List<PathPattern> patterns, long fromMs) throws StatusException {
    return last(patterns, new TimeRange(fromMs, Long.MAX_VALUE), false);
  }

  /** Ordered by series, or backwards; a series without a point in {@code times} has no row. */
  private StatementResult.Rows last(List<PathPattern> patterns, TimeRange times, boolean descending)
      throws StatusException {
    ResultTable table = new ResultTable().text("Timeseries", "Value", "DataType").withTime();
    List<SelectedSeries.Found> series = new ArrayList<>(SelectedSeries.matching(regions, patterns));
    if (descending) {
      Collections.reverse(series);
    }
    for (SelectedSeries.Found one : series) {
      SeriesKey key = one.series().key();
      TSDataType type = one.series().spec().type();
      ScanRequest request = new ScanRequest(List.of(key), List.of(type), times, true, 1);
      try (RowBlocks blocks = one.region().scan(request)) {
        TsBlock block = times.empty() ? null : blocks.next();
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
}
