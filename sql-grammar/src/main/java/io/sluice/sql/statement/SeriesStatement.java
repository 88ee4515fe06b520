package io.sluice.sql.statement;

import java.util.List;

/** Statements about time series and devices. Limits and offsets count rows of the answer. */
public sealed interface SeriesStatement extends Statement {
  /**
   * A series to create.
   *
   * @param measurement one node
   * @param dataType upper-case name, such as {@code INT32}
   * @param encoding upper-case name, null for the type's default
   * @param compressor upper-case name, null for the default
   */
  record Definition(String measurement, String dataType, String encoding, String compressor) {}

  /**
   * CREATE TIMESERIES device.measurement (one definition, not aligned) or CREATE ALIGNED TIMESERIES
   * device(...) (one or more, aligned). The device has no wildcards.
   */
  record Create(List<String> device, boolean aligned, List<Definition> series)
      implements SeriesStatement {}

  /** DELETE or DROP TIMESERIES pattern, ...; at least one. */
  record Drop(List<List<String>> patterns) implements SeriesStatement {}

  /** SHOW TIMESERIES [pattern] [LIMIT n] [OFFSET n]; limit 0 is no limit. */
  record Show(List<String> pattern, long limit, long offset) implements SeriesStatement {}

  /** COUNT TIMESERIES [pattern]; without one, {@code root.**}. */
  record Count(List<String> pattern) implements SeriesStatement {}

  /** SHOW DEVICES [pattern] [LIMIT n] [OFFSET n]; the pattern matches devices. */
  record ShowDevices(List<String> pattern, long limit, long offset) implements SeriesStatement {}

  /** COUNT DEVICES [pattern]; the pattern matches devices. */
  record CountDevices(List<String> pattern) implements SeriesStatement {}
}
