package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.local.LocalNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * Writes rows to some devices of one database, each until it is acknowledged, at any of the given
 * DataNodes, on a thread of its own from {@link #start} to {@link #finish}.
 */
final class AcknowledgedRows implements AutoCloseable {
  private static final int DEVICES = 4;
  private static final long STUCK_SECONDS_MAX = 120;

  private final String database;
  private final List<LocalNode> asked;
  private final Map<String, List<Long>> timesByDevice = new TreeMap<>();
  private final Thread thread;
  private volatile boolean finished;
  private volatile String stuck;
  private volatile int count;

  private AcknowledgedRows(String database, List<LocalNode> asked) {
    this.database = database;
    this.asked = List.copyOf(asked);
    this.thread = new Thread(this::run, "rows");
  }

  /** Begins to write. */
  static AcknowledgedRows start(String database, List<LocalNode> asked) {
    AcknowledgedRows rows = new AcknowledgedRows(database, asked);
    rows.thread.start();
    return rows;
  }

  /** Acknowledged so far. */
  int count() {
    return count;
  }

  private void run() {
    for (long time = 1; !finished && stuck == null; time++) {
      String device = database + ".d" + time % DEVICES;
      write(device, time);
    }
  }

  private void write(String device, long time) {
    long sinceNs = System.nanoTime();
    String text = "insert into " + device + "(timestamp,s) values(" + time + "," + time + ")";
    for (int attempt = 0; ; attempt++) {
      try (Sql sql = Sql.at(asked.get((int) ((time + attempt) % asked.size())))) {
        sql.run(text);
        timesByDevice.computeIfAbsent(device, name -> new ArrayList<>()).add(time);
        count++;
        return;
      } catch (IoTDBConnectionException | StatementExecutionException e) {
        if (System.nanoTime() - sinceNs > TimeUnit.SECONDS.toNanos(STUCK_SECONDS_MAX)) {
          stuck = text + ": " + e;
          return;
        }
      }
    }
  }

  /** Ends after the row under way is acknowledged. */
  AcknowledgedRows finish() throws InterruptedException {
    finished = true;
    thread.join();
    assertThat(stuck).as("a row that nobody acknowledged").isNull();
    return this;
  }

  /** Fails unless exactly the acknowledged rows are there. */
  void assertThere(Sql sql) throws Exception {
    for (Map.Entry<String, List<Long>> device : timesByDevice.entrySet()) {
      List<Long> found = new ArrayList<>();
      for (List<String> row : sql.table("select s from " + device.getKey()).rows()) {
        assertThat(row.get(1)).isIn(row.get(0), row.get(0) + ".0");
        found.add(Long.parseLong(row.get(0)));
      }
      assertThat(found).as(device.getKey()).isEqualTo(device.getValue());
    }
  }

  @Override
  public void close() throws InterruptedException {
    finished = true;
    thread.join();
  }
}
