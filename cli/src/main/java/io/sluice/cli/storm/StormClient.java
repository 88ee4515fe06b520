package io.sluice.cli.storm;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;

/** A session of the published library with one DataNode; it never retries by itself. */
record StormClient(Session session) implements AutoCloseable {
  private static final int FETCH_ROWS = 10_000;

  /** After this the library gives up an answer; far above what anything may take. */
  private static final int ANSWER_MS_MAX = 180_000;

  static final int PIPESINK_ERROR = 1106;
  static final int PIPE_ERROR = 1107;

  /** What SHOW of a name answers when nothing has it. */
  private static final Set<Integer> ABSENT = Set.of(PIPESINK_ERROR, PIPE_ERROR);

  static StormClient at(InetSocketAddress dataNode) throws IoTDBConnectionException {
    Session session =
        new Session.Builder()
            .host(dataNode.getHostString())
            .port(dataNode.getPort())
            .username("root")
            .password("root")
            .fetchSize(FETCH_ROWS)
            .enableAutoFetch(false)
            .enableRedirection(false)
            .maxRetryCount(0)
            .build();
    session.open(false, ANSWER_MS_MAX);
    return new StormClient(session);
  }

  /** How many points there are below {@code path}, summed over its series. */
  long count(String path) throws IoTDBConnectionException, StatementExecutionException {
    long sum = 0;
    try (SessionDataSet counts =
        session.executeQueryStatement("select count(*) from " + path + ".**")) {
      SessionDataSet.DataIterator at = counts.iterator();
      int columns = counts.getColumnNames().size();
      if (at.next()) {
        for (int column = 1; column <= columns; column++) {
          sum += at.getLong(column);
        }
      }
    }
    return sum;
  }

  /** Every row's columns as text, without a time. */
  List<List<String>> texts(String query)
      throws IoTDBConnectionException, StatementExecutionException {
    List<List<String>> rows = new ArrayList<>();
    try (SessionDataSet found = session.executeQueryStatement(query)) {
      SessionDataSet.DataIterator at = found.iterator();
      int columns = found.getColumnNames().size();
      while (at.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(at.getString(column));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** The rows of SHOW PIPE or SHOW PIPESINK; none when nothing has that name. */
  List<List<String>> shown(String query)
      throws IoTDBConnectionException, StatementExecutionException {
    try {
      return texts(query);
    } catch (StatementExecutionException e) {
      if (ABSENT.contains(e.getStatusCode())) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IoTDBConnectionException {
    session.close();
  }
}
