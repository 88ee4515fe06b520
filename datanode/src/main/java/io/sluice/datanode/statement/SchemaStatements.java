package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sql.statement.SeriesStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.tsfile.enums.TSDataType;

/** Series and devices: creating, removing, listing, and deleting their points. Thread-safe. */
public final class SchemaStatements {
  private final ClusterRegions regions;
  private final SeriesTypes types;
  private final SeriesDefinitions definitions;

  SchemaStatements(ClusterRegions regions, SeriesTypes types, SeriesDefinitions definitions) {
    this.regions = regions;
    this.types = types;
    this.definitions = definitions;
  }

  /** How client calls say what a series is. */
  public SeriesDefinitions definitions() {
    return definitions;
  }

  StatementResult execute(SeriesStatement statement) throws StatusException {
    if (statement instanceof SeriesStatement.Create create) {
      return create(create);
    }
    if (statement instanceof SeriesStatement.Drop drop) {
      deleteSeries(drop.patterns().stream().map(PathPattern::of).toList());
      return new StatementResult.Done();
    }
    if (statement instanceof SeriesStatement.Show show) {
      return show(PathPattern.of(show.pattern())).slice(show.limit(), show.offset()).result();
    }
    if (statement instanceof SeriesStatement.Count count) {
      long series =
          SelectedSeries.matching(regions, List.of(PathPattern.of(count.pattern()))).size();
      return new ResultTable().columns(TSDataType.INT64, "count(timeseries)").row(series).result();
    }
    if (statement instanceof SeriesStatement.ShowDevices show) {
      ResultTable table = new ResultTable().text("Device", "IsAligned");
      devices(show.pattern())
          .forEach((device, aligned) -> table.row(device, Boolean.toString(aligned)));
      return table.slice(show.limit(), show.offset()).result();
    }
    long devices = devices(((SeriesStatement.CountDevices) statement).pattern()).size();
    return new ResultTable().columns(TSDataType.INT64, "count(devices)").row(devices).result();
  }

  private StatementResult create(SeriesStatement.Create create) throws StatusException {
    String device = String.join(".", create.device());
    List<SeriesInfo> series = new ArrayList<>();
    for (SeriesStatement.Definition one : create.series()) {
      series.add(
          definitions.ofNames(
              device,
              create.aligned(),
              one.measurement(),
              one.dataType(),
              one.encoding(),
              one.compressor()));
    }
    createSeries(series).orThrow();
    return new StatementResult.Done();
  }

  /** Series that match, ordered by key. */
  public List<SeriesInfo> find(PathPattern pattern) throws StatusException {
    return SelectedSeries.matching(regions, List.of(pattern)).stream()
        .map(SelectedSeries.Found::series)
        .toList();
  }

  /** Creates series of one device, all or none. */
  public WriteOutcome createSeries(List<SeriesInfo> series) {
    try {
      RegionAccess region = regions.regionForWriting(series.get(0).device());
      WriteOutcome outcome =
          WriteOutcome.of(region.propose(new LogEntry.CreateSeries(series, false)).join());
      types.forget(series.get(0).device());
      return outcome;
    } catch (StatusException e) {
      return WriteOutcome.refused(e);
    }
  }

  /**
   * Removes the matching series with all their points.
   *
   * @throws StatusException 508 when a pattern matches nothing; nothing is removed then
   */
  public void deleteSeries(List<PathPattern> patterns) throws StatusException {
    List<SelectedSeries.Found> found = SelectedSeries.matching(regions, patterns);
    for (PathPattern pattern : patterns) {
      if (found.stream().noneMatch(one -> pattern.matches(one.series().key().path()))) {
        throw new StatusException(
            StatusCode.PATH_NOT_EXIST, "Timeseries [%s] does not exist".formatted(pattern));
      }
    }
    try {
      proposeToAll(found, new LogEntry.DeleteSeries(patterns));
    } finally {
      types.forgetAll();
    }
  }

  /** Deletes the points of the matching series in a range; no match is no error. */
  public void deleteData(List<PathPattern> patterns, TimeRange times) throws StatusException {
    if (!times.empty()) {
      proposeToAll(
          SelectedSeries.matching(regions, patterns), new LogEntry.DeleteData(patterns, times));
    }
  }

  private static void proposeToAll(List<SelectedSeries.Found> found, LogEntry entry)
      throws StatusException {
    Map<UUID, RegionAccess> targets = new LinkedHashMap<>();
    found.forEach(one -> targets.putIfAbsent(one.region().id(), one.region()));
    List<CompletableFuture<WriteOutcome>> pending =
        targets.values().stream()
            .map(region -> region.propose(entry).thenApply(WriteOutcome::of))
            .toList();
    List<WriteOutcome> outcomes = pending.stream().map(CompletableFuture::join).toList();
    for (WriteOutcome outcome : outcomes) {
      outcome.orThrow();
    }
  }

  private ResultTable show(PathPattern pattern) throws StatusException {
    ResultTable table =
        new ResultTable()
            .text("Timeseries", "Alias", "Database", "DataType", "Encoding", "Compression")
            .text("Tags", "Attributes", "Deadband", "DeadbandParameters");
    for (SelectedSeries.Found one : SelectedSeries.matching(regions, List.of(pattern))) {
      SeriesInfo series = one.series();
      table.row(
          series.key().path(),
          null,
          one.database(),
          series.spec().type().name(),
          series.spec().encoding().name(),
          series.spec().compression().name(),
          null,
          null,
          null,
          null);
    }
    return table;
  }

  /** Devices by name, with whether they are aligned. */
  private TreeMap<String, Boolean> devices(List<String> pattern) throws StatusException {
    List<String> below = new ArrayList<>(pattern);
    below.add("*");
    TreeMap<String, Boolean> devices = new TreeMap<>();
    SelectedSeries.matching(regions, List.of(PathPattern.of(below)))
        .forEach(one -> devices.put(one.series().device(), one.series().aligned()));
    return devices;
  }
}
