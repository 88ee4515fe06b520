package io.sluice.cli.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;

/**
 * Every point of a cluster: series to time stamp (epoch milliseconds) to value as text. In memory:
 * for a demo's amounts.
 */
public record AllRows(SortedMap<String, SortedMap<Long, String>> series) {
  private static final int FETCH_ROWS = 10_000;
  private static final int DIGEST_CHARS = 16;

  /** Reads what {@code query} gives, through the published session at the port of 127.0.0.1. */
  public static AllRows read(int port, String query)
      throws IoTDBConnectionException, StatementExecutionException {
    SortedMap<String, SortedMap<Long, String>> all = new TreeMap<>();
    Session session = session(port);
    session.open();
    try (SessionDataSet rows = session.executeQueryStatement(query)) {
      List<String> columns = rows.getColumnNames();
      SessionDataSet.DataIterator row = rows.iterator();
      while (row.next()) {
        long time = row.getTimestamp(1) == null ? row.getLong(1) : row.getTimestamp(1).getTime();
        for (int column = 2; column <= columns.size(); column++) {
          if (!row.isNull(column)) {
            all.computeIfAbsent(columns.get(column - 1), path -> new TreeMap<>())
                .put(time, row.getString(column));
          }
        }
      }
    } finally {
      session.close();
    }
    return new AllRows(all);
  }

  /** A session with the server at this port of 127.0.0.1, not yet open. */
  public static Session session(int port) {
    return new Session.Builder()
        .host("127.0.0.1")
        .port(port)
        .username("root")
        .password("root")
        .fetchSize(FETCH_ROWS)
        .enableAutoFetch(false)
        .enableRedirection(false)
        .build();
  }

  public long points() {
    return series.values().stream().mapToLong(Map::size).sum();
  }

  /** How many different time stamps there are: the rows of a query over all series. */
  public long rows() {
    TreeSet<Long> times = new TreeSet<>();
    series.values().forEach(points -> times.addAll(points.keySet()));
    return times.size();
  }

  /** The same points give the same digest, whatever the order of columns was. */
  public String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      series.forEach(
          (path, points) ->
              points.forEach(
                  (time, value) ->
                      sha.update(
                          (path + ' ' + time + ' ' + value + '\n')
                              .getBytes(StandardCharsets.UTF_8))));
      return HexFormat.of().formatHex(sha.digest()).substring(0, DIGEST_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /**
   * Points that one side lacks or has otherwise, one line each, as {@code path time: here | there}.
   */
  public List<String> differencesTo(AllRows other) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(series.keySet());
    paths.addAll(other.series.keySet());
    for (String path : paths) {
      SortedMap<Long, String> here = series.getOrDefault(path, new TreeMap<>());
      SortedMap<Long, String> there = other.series.getOrDefault(path, new TreeMap<>());
      TreeSet<Long> times = new TreeSet<>(here.keySet());
      times.addAll(there.keySet());
      for (Long time : times) {
        if (!Objects.equals(here.get(time), there.get(time))) {
          differences.add(path + " " + time + ": " + here.get(time) + " | " + there.get(time));
        }
      }
    }
    return differences;
  }
}
