package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Writes rows of one device and remembers each batch once it is acknowledged. A batch that was not
 * acknowledged, for whatever reason, is written again until it is: nobody can know whether it took
 * effect. One thread runs it.
 */
final class RowWriter implements Runnable {
  private static final int TABLET_ROWS = 200;
  private static final long RETRY_MS = 200;
  private static final long PAUSE_MS = 5;

  private final int port;
  private final String device;
  private final SortedMap<Long, Long> acknowledged = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private volatile boolean stopping;
  private long nextTime = 1;

  RowWriter(int port, String device) {
    this.port = port;
    this.device = device;
  }

  /** Ends after the batch under way is acknowledged. */
  void stop() {
    stopping = true;
  }

  String series() {
    return device + ".v";
  }

  /** Time stamp to value; only to be read after the thread has ended. */
  SortedMap<Long, Long> acknowledged() {
    return acknowledged;
  }

  /** What clients were told while nodes were down; only to be read after the thread has ended. */
  List<String> failures() {
    return failures;
  }

  @Override
  public void run() {
    Session session = null;
    try {
      while (!stopping) {
        long first = nextTime;
        session = writeUntilAcknowledged(session, first);
        for (long time = first; time < first + TABLET_ROWS; time++) {
          acknowledged.put(time, value(time));
        }
        nextTime = first + TABLET_ROWS;
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(session);
    }
  }

  private Session writeUntilAcknowledged(Session open, long first) throws InterruptedException {
    Session session = open;
    while (true) {
      try {
        if (session == null) {
          session = newSession();
        }
        session.insertTablet(tablet(first), true);
        return session;
      } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
        failures.add(e.toString());
        close(session);
        session = null;
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    }
  }

  private Session newSession() throws IoTDBConnectionException {
    Session session =
        new Session.Builder()
            .host("127.0.0.1")
            .port(port)
            .username("root")
            .password("root")
            .enableAutoFetch(false)
            .enableRedirection(false)
            .maxRetryCount(0)
            .build();
    session.open();
    return session;
  }

  private void close(Session session) {
    if (session != null) {
      try {
        session.close();
      } catch (IoTDBConnectionException e) {
        failures.add("at close: " + e);
      }
    }
  }

  private Tablet tablet(long first) {
    IMeasurementSchema schema = new MeasurementSchema("v", TSDataType.INT64);
    Tablet tablet = new Tablet(device, List.of(schema), TABLET_ROWS);
    for (int row = 0; row < TABLET_ROWS; row++) {
      tablet.addTimestamp(row, first + row);
      tablet.addValue(row, 0, value(first + row));
    }
    return tablet;
  }

  private long value(long time) {
    return time * 31 + device.hashCode();
  }
}
