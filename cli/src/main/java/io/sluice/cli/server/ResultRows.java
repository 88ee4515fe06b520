package io.sluice.cli.server;

import io.sluice.cli.value.TimeText;
import io.sluice.cli.value.ValueText;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.IoTDBRpcDataSet;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.thrift.TException;
import org.apache.tsfile.enums.TSDataType;

/**
 * The rows of one query, fetched block by block while they are read. At most one fetch is held.
 * Confined to one thread; the connection serves nothing else until it is closed.
 */
public final class ResultRows implements AutoCloseable {
  /** Name of the column that holds the time stamps of a query over series. */
  public static final String TIME_COLUMN = "Time";

  private final IoTDBRpcDataSet rows;
  private final boolean hasTime;
  private final List<String> names;
  private final List<TSDataType> types;
  private boolean closed;

  ResultRows(IoTDBRpcDataSet rows) {
    this.rows = rows;
    this.hasTime = !rows.isIgnoreTimeStamp();
    this.names = List.copyOf(rows.getColumnNameList());
    this.types = rows.getColumnTypeList().stream().map(TSDataType::valueOf).toList();
  }

  /** The columns' names, the time first if there is one. */
  public List<String> names() {
    return names;
  }

  /** The columns' types, as {@link #names()}. */
  public List<TSDataType> types() {
    return types;
  }

  /** Whether the first column is the rows' time. */
  public boolean hasTime() {
    return hasTime;
  }

  /**
   * Goes to the next row.
   *
   * @return false after the last one
   */
  public boolean next() throws RefusedException, UnreachableException {
    try {
      return rows.next();
    } catch (StatementExecutionException e) {
      throw new RefusedException(e.getStatusCode(), e.getMessage());
    } catch (IoTDBConnectionException e) {
      throw new UnreachableException("the connection broke while rows were read", e);
    }
  }

  /** The time stamp of this row, in the server's unit. Only where there is a time column. */
  public long time() {
    return rows.getCurrentRowTime();
  }

  /**
   * This row as text, one per column: null where there is no value, times in the given zone.
   *
   * @throws RefusedException if the answer's blocks do not fit its own columns
   */
  public List<String> texts(TimeText times) throws RefusedException {
    try {
      List<String> texts = new ArrayList<>(names.size());
      for (int i = 0; i < names.size(); i++) {
        texts.add(text(i, times));
      }
      return texts;
    } catch (StatementExecutionException e) {
      throw new RefusedException(e.getStatusCode(), e.getMessage());
    }
  }

  private String text(int column, TimeText times) throws StatementExecutionException {
    if (hasTime && column == 0) {
      return times.write(rows.getCurrentRowTime());
    }
    int at = column + 1;
    if (rows.isNull(at)) {
      return null;
    }
    return switch (types.get(column)) {
      case TIMESTAMP -> times.write(rows.getLong(at));
      case BLOB -> ValueText.ofBlob(rows.getBinary(at).getValues());
      case DATE -> dateText(rows.getInt(at));
      default -> rows.getString(at);
    };
  }

  /** A date is the whole number yyyymmdd. */
  private static String dateText(int date) {
    return LocalDate.of(date / 10_000, date / 100 % 100, date % 100).toString();
  }

  /** Lets the server forget the query; closing twice is closing once. */
  @Override
  public void close() throws RefusedException, UnreachableException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      rows.close();
    } catch (StatementExecutionException e) {
      throw new RefusedException(e.getStatusCode(), e.getMessage());
    } catch (TException e) {
      throw new UnreachableException("the connection broke while a query was closed", e);
    }
  }
}
