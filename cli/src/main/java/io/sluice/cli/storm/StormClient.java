package io.sluice.cli.storm;

import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;

/** A session of the published library with one DataNode; it never retries by itself. */
record StormClient(Session session) implements AutoCloseable {
  private static final int FETCH_ROWS = 10_000;

  /** After this the library gives up an answer; far above what anything may take. */
  private static final int ANSWER_MS_MAX = 180_000;

  static StormClient at(int port) throws IoTDBConnectionException {
    Session session =
        new Session.Builder()
            .host("127.0.0.1")
            .port(port)
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

  @Override
  public void close() throws IoTDBConnectionException {
    session.close();
  }
}
