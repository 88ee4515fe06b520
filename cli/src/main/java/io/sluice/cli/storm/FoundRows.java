package io.sluice.cli.storm;

import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/** One device's rows as a cluster gives them, one after another. */
interface FoundRows {
  /** Goes on to the next row; false after the last. */
  boolean next() throws IoTDBConnectionException, StatementExecutionException;

  long timeMs() throws StatementExecutionException;

  /** In its own Java type (text as a String); null where there is no value or no such series. */
  Object value(String measurement) throws StatementExecutionException;
}
