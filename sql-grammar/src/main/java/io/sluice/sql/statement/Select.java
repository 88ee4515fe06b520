package io.sluice.sql.statement;

import java.util.List;

/**
 * SELECT columns FROM prefixes [WHERE time ...] [ORDER BY TIME ...] [LIMIT n] [OFFSET n]. What is
 * read is every column's path after every prefix. Either all columns are raw or all are aggregates.
 *
 * @param limit rows at most, 0 for all
 * @param offset rows to leave out before the first
 */
public record Select(
    List<Column> columns,
    List<List<String>> prefixes,
    TimeRange times,
    boolean descending,
    long limit,
    long offset)
    implements Statement {
  /** What is made of the points of a series. */
  public enum Function {
    RAW,
    COUNT
  }

  /** A suffix path, wildcards allowed: {@code s1}, {@code **}, {@code count(d0.*)}. */
  public record Column(Function function, List<String> suffix) {}

  /** True when the answer is one row of aggregates. */
  public boolean aggregates() {
    return columns.get(0).function() != Function.RAW;
  }
}
