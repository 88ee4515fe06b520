package io.sluice.sql.statement;

import java.util.List;

/**
 * SELECT columns FROM prefixes [WHERE ...] [ORDER BY TIME ...] [LIMIT n] [OFFSET n] [SLIMIT n]
 * [SOFFSET n]. What is read is every column's path after every prefix. Either all columns are raw
 * or all are aggregates.
 *
 * @param last SELECT LAST: one row per series with its latest point; {@code descending} then means
 *     by name, backwards
 * @param byDevice ALIGN BY DEVICE: rows device after device, the device in a column
 * @param rows what rows must hold besides being in {@code times}; null for nothing
 * @param limit rows at most, 0 for all
 * @param offset rows to leave out before the first
 * @param seriesLimit columns at most, 0 for all
 * @param seriesOffset columns to leave out before the first
 */
public record Select(
    boolean last,
    boolean byDevice,
    List<Column> columns,
    List<List<String>> prefixes,
    TimeRange times,
    RowCondition rows,
    boolean descending,
    long limit,
    long offset,
    long seriesLimit,
    long seriesOffset)
    implements Statement {
  /** What is made of the points of a series. */
  public enum Function {
    RAW,
    COUNT,
    SUM,
    AVG,
    MIN_TIME,
    MAX_TIME,
    MIN_VALUE,
    MAX_VALUE,
    FIRST_VALUE,
    LAST_VALUE
  }

  /**
   * A suffix path, wildcards allowed: {@code s1}, {@code **}, {@code count(d0.*)}.
   *
   * @param alias what the client is to read above the column, null for its path; only for a suffix
   *     that stands for one series
   */
  public record Column(Function function, List<String> suffix, String alias) {}

  /** True when the answer is one row of aggregates. */
  public boolean aggregates() {
    return columns.get(0).function() != Function.RAW;
  }
}
