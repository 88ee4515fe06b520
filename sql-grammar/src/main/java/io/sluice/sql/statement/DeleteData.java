package io.sluice.sql.statement;

import java.util.List;

/** DELETE FROM pattern, ... [WHERE time ...]: the points of these series in {@code times}. */
public record DeleteData(List<List<String>> patterns, TimeRange times) implements Statement {}
