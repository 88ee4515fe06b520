package io.sluice.cli.storm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/** The rows of a {@code select *} over one device. */
final class QueriedRows implements FoundRows, AutoCloseable {
  private final SessionDataSet answer;
  private final SessionDataSet.DataIterator at;
  private final Map<String, Integer> columns = new HashMap<>();

  QueriedRows(StormClient client, String device)
      throws IoTDBConnectionException, StatementExecutionException {
    answer = client.session().executeQueryStatement("select * from " + device);
    at = answer.iterator();
    List<String> names = answer.getColumnNames();
    for (int i = 1; i < names.size(); i++) {
      columns.put(names.get(i).substring(device.length() + 1), i + 1);
    }
  }

  @Override
  public boolean next() throws IoTDBConnectionException, StatementExecutionException {
    return at.next();
  }

  @Override
  public long timeMs() throws StatementExecutionException {
    return at.getLong(1);
  }

  @Override
  public Object value(String measurement) throws StatementExecutionException {
    Integer column = columns.get(measurement);
    if (column == null || at.isNull(column)) {
      return null;
    }
    Object value = at.getObject(column);
    return value instanceof Number || value instanceof Boolean ? value : at.getString(column);
  }

  @Override
  public void close() throws IoTDBConnectionException, StatementExecutionException {
    answer.close();
  }
}
