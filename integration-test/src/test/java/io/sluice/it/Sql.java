package io.sluice.it;

import io.sluice.cli.local.LocalNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import org.apache.tsfile.read.common.Field;
import org.apache.tsfile.read.common.RowRecord;

/** One session of the published library with a DataNode, in the zone of the reference page. */
public final class Sql implements AutoCloseable {
  /** Small, so that queries take several fetches. */
  private static final int FETCH_ROWS = 50;

  private final Session session;

  private Sql(Session session) {
    this.session = session;
  }

  /** Logs in as root at the DataNode whose clients use {@code port}. */
  static Sql at(int port) throws IoTDBConnectionException {
    return at("127.0.0.1", port);
  }

  /** Logs in as root at the DataNode. */
  static Sql at(LocalNode dataNode) throws IoTDBConnectionException {
    return at(dataNode.place().address(), dataNode.port("dn_rpc_port"));
  }

  /** Logs in as root at a DataNode anywhere. */
  public static Sql at(String host, int port) throws IoTDBConnectionException {
    return as("root", "root", host, port);
  }

  /** Logs in at the DataNode as somebody. */
  static Sql as(String user, String password, LocalNode dataNode) throws IoTDBConnectionException {
    return as(user, password, dataNode.place().address(), dataNode.port("dn_rpc_port"));
  }

  private static Sql as(String user, String password, String host, int port)
      throws IoTDBConnectionException {
    Session session =
        new Session.Builder()
            .host(host)
            .port(port)
            .username(user)
            .password(password)
            .fetchSize(FETCH_ROWS)
            .zoneId(ZoneId.of("+08:00"))
            .enableRedirection(false)
            .maxRetryCount(0)
            .build();
    session.open(false);
    return new Sql(session);
  }

  /**
   * @param columns names without the time's
   * @param rows each the time (for a query over series) and the values, null for none
   */
  public record Table(List<String> columns, List<List<String>> rows) {
    /** The only row's value in a column. */
    public String only(String column) {
      if (rows.size() != 1) {
        throw new AssertionError("not one row: " + rows);
      }
      return value(rows.get(0), column);
    }

    public String value(List<String> row, String column) {
      return row.get(columns.indexOf(column));
    }
  }

  public void run(String... statements)
      throws IoTDBConnectionException, StatementExecutionException {
    for (String statement : statements) {
      session.executeNonQueryStatement(statement);
    }
  }

  public Table table(String query) throws IoTDBConnectionException, StatementExecutionException {
    SessionDataSet found = session.executeQueryStatement(query);
    try {
      List<String> columns = new ArrayList<>(found.getColumnNames());
      List<List<String>> rows = new ArrayList<>();
      while (found.hasNext()) {
        rows.add(texts(found.next(), columns));
      }
      return new Table(List.copyOf(columns), rows);
    } finally {
      found.closeOperationHandle();
    }
  }

  private static List<String> texts(RowRecord row, List<String> columns) {
    List<String> texts = new ArrayList<>();
    if (!columns.isEmpty() && columns.get(0).equals("Time")) {
      texts.add(Long.toString(row.getTimestamp()));
    }
    for (Field field : row.getFields()) {
      texts.add(field == null || field.getDataType() == null ? null : field.getStringValue());
    }
    return texts;
  }

  /** Status by name of the pipes that go out from here. */
  public Map<String, String> pipes() throws IoTDBConnectionException, StatementExecutionException {
    Table shown = table("SHOW PIPES");
    Map<String, String> statusByName = new TreeMap<>();
    for (List<String> row : shown.rows()) {
      if (shown.value(row, "Role").equals("sender")) {
        statusByName.put(shown.value(row, "Name"), shown.value(row, "Status"));
      }
    }
    return statusByName;
  }

  /** The text of the refusal that {@code statement} meets, with its code. */
  public String refusal(String statement) throws IoTDBConnectionException {
    try {
      session.executeNonQueryStatement(statement);
    } catch (StatementExecutionException e) {
      return e.getMessage();
    }
    throw new AssertionError(statement + " was done");
  }

  Session session() {
    return session;
  }

  @Override
  public void close() throws IoTDBConnectionException {
    session.close();
  }
}
