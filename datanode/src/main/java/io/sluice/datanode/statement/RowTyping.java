package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sql.statement.Literal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives the values of one call's rows their types. Not thread-safe. */
final class RowTyping {
  private final SeriesTypes types;
  private final DefaultStorage storage;
  private final List<UntypedRow> rows;
  private Set<String> pathsWithValues;

  RowTyping(SeriesTypes types, DefaultStorage storage, List<UntypedRow> rows) {
    this.types = types;
    this.storage = storage;
    this.rows = rows;
  }

  /**
   * What of a row can be written.
   *
   * @param failed measurements that are left out
   * @param causes why, one for each
   */
  record Typed(LogEntry.Row row, List<String> failed, List<String> causes) {
    /** What the row's sender is answered when the rest of it came to {@code written}. */
    WriteOutcome outcome(WriteOutcome written) {
      if (failed.isEmpty() || !written.done()) {
        return written;
      }
      return new WriteOutcome(
          StatusCode.METADATA_ERROR,
          "Fail to insert measurements %s caused by %s".formatted(failed, causes),
          false);
    }
  }

  Typed of(UntypedRow row) throws StatusException {
    Map<String, SeriesSpec> existing = types.of(row.device(), row.measurements());
    List<SeriesSpec> columns = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    List<String> causes = new ArrayList<>();
    for (int i = 0; i < row.measurements().size(); i++) {
      String measurement = row.measurements().get(i);
      SeriesSpec spec = existing.get(measurement);
      try {
        Object value = value(row, i, spec);
        if (value != null) {
          columns.add(spec == null ? inferred(row, i) : spec);
          values.add(value);
        }
      } catch (StatusException e) {
        failed.add(measurement);
        causes.add(e.getMessage());
      }
    }
    LogEntry.Row typed =
        new LogEntry.Row(row.device(), row.aligned(), row.timeMs(), columns, values);
    return new Typed(typed, failed, causes);
  }

  private SeriesSpec inferred(UntypedRow row, int column) {
    return storage.spec(
        row.measurements().get(column), LiteralValue.inferred(row.values().get(column)));
  }

  /** Null for no point. A null alone cannot make a series: it has no type. */
  private Object value(UntypedRow row, int column, SeriesSpec spec) throws StatusException {
    Literal literal = row.values().get(column);
    String path = row.device() + "." + row.measurements().get(column);
    if (!(literal instanceof Literal.Null)) {
      return LiteralValue.as((spec == null ? inferred(row, column) : spec).type(), literal, path);
    }
    if (spec == null && !hasValueElsewhere(path)) {
      throw new StatusException(
          StatusCode.METADATA_ERROR, path + " does not exist, and null has no data type");
    }
    return null;
  }

  private boolean hasValueElsewhere(String path) {
    if (pathsWithValues == null) {
      pathsWithValues = new HashSet<>();
      for (UntypedRow row : rows) {
        for (int i = 0; i < row.measurements().size(); i++) {
          if (!(row.values().get(i) instanceof Literal.Null)) {
            pathsWithValues.add(row.device() + "." + row.measurements().get(i));
          }
        }
      }
    }
    return pathsWithValues.contains(path);
  }

  /** The row without values of another type than their existing series'. */
  static LogEntry.Row withoutMistyped(LogEntry.Row row, SeriesTypes types) throws StatusException {
    Map<String, SeriesSpec> existing =
        types.of(row.device(), row.columns().stream().map(SeriesSpec::measurement).toList());
    List<SeriesSpec> columns = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.columns().size(); i++) {
      SeriesSpec column = row.columns().get(i);
      SeriesSpec present = existing.get(column.measurement());
      if (present == null || present.type() == column.type()) {
        columns.add(column);
        values.add(row.values().get(i));
      }
    }
    return new LogEntry.Row(row.device(), row.aligned(), row.time(), columns, values);
  }
}
