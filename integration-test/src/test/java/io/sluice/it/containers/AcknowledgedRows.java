package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.RowRecord;

/**
 * Writes rows into a database, each again until it is acknowledged, and remembers what was
 * promised; some are written over later. A round is one row of each device in one call. Writing is
 * confined to one thread at a time: either the caller's, or between {@link #begin} and {@link #end}
 * one of its own.
 */
final class AcknowledgedRows implements AutoCloseable {
  private static final List<String> COLUMNS = List.of("v", "f");
  private static final List<TSDataType> TYPES = List.of(TSDataType.INT64, TSDataType.DOUBLE);
  private static final int DEVICES = 4;
  private static final int OVERWRITE_EVERY = 5;
  private static final int FETCH_ROWS = 5_000;
  private static final int ANSWER_MS_MAX = 10_000;
  private static final Duration INSIST_MAX = Duration.ofMinutes(4);
  private static final int DIFFERENCES_SHOWN = 10;

  private final String database;
  private final List<SluiceNode> via;
  private final Random random = new Random(1);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** By device and time, how often the row was written; the values follow from the three. */
  private final List<NavigableMap<Long, Integer>> written = new ArrayList<>();

  /** Rows of which no attempt is without an answer, which might still arrive and win. */
  private final List<Long> settled = new ArrayList<>();

  private ScheduledFuture<?> writing;
  private Session session;
  private int turn;
  private long nextTime;
  private volatile long refusals;

  /**
   * @param via DataNodes to write through, another one after each failure
   */
  AcknowledgedRows(String database, List<SluiceNode> via) {
    this.database = database;
    this.via = List.copyOf(via);
    for (int device = 0; device < DEVICES; device++) {
      written.add(new TreeMap<>());
    }
  }

  String database() {
    return database;
  }

  /** Attempts that were refused or not answered so far. */
  long refusals() {
    return refusals;
  }

  /** Rows acknowledged so far, of all devices. */
  synchronized long count() {
    return written.stream().mapToLong(Map::size).sum();
  }

  /** Returns when that many rounds are acknowledged. */
  void write(int rounds) {
    for (int round = 0; round < rounds; round++) {
      boolean again = round % OVERWRITE_EVERY == OVERWRITE_EVERY - 1 && !settled.isEmpty();
      round(again ? settled.get(random.nextInt(settled.size())) : nextTime++);
    }
  }

  /** Starts to write a round each {@code period}, as long as they are acknowledged. */
  void begin(Duration period) {
    writing =
        clock.scheduleWithFixedDelay(
            () -> write(OVERWRITE_EVERY),
            0,
            OVERWRITE_EVERY * period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Ends what {@link #begin} began; returns when all of it is acknowledged. */
  void end() throws Exception {
    writing.cancel(false);
    clock.submit(() -> {}).get(INSIST_MAX.toMillis(), TimeUnit.MILLISECONDS);
    if (!writing.isCancelled()) {
      writing.get(); // says why it ended
    }
  }

  /**
   * Returns when this many more rounds than now are acknowledged by the thread of {@link #begin}.
   */
  void awaitMore(int rounds) {
    long enough = count() + (long) rounds * DEVICES;
    await().atMost(INSIST_MAX).until(() -> count() >= enough || writing.isDone());
  }

  private void round(long time) {
    long giveUpNs = System.nanoTime() + INSIST_MAX.toNanos();
    boolean first = true;
    while (true) {
      try {
        send(time);
        acknowledged(time, first);
        return;
      } catch (IoTDBConnectionException | StatementExecutionException e) {
        first = false;
        refusals++;
        closeSession();
        turn++;
        if (System.nanoTime() > giveUpNs) {
          throw new IllegalStateException("a row stays refused: " + e.getMessage(), e);
        }
        restABit();
      }
    }
  }

  private void send(long time) throws IoTDBConnectionException, StatementExecutionException {
    if (session == null) {
      session = open(via.get(turn % via.size()), ANSWER_MS_MAX);
    }
    List<String> devices = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    List<List<String>> columns = new ArrayList<>();
    List<List<TSDataType>> types = new ArrayList<>();
    List<List<Object>> values = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      int version = written.get(device).getOrDefault(time, 0) + 1;
      devices.add(device(device));
      times.add(time);
      columns.add(COLUMNS);
      types.add(TYPES);
      values.add(List.of(whole(device, time, version), broken(device, time, version)));
    }
    session.insertRecords(devices, times, columns, types, values);
  }

  private synchronized void acknowledged(long time, boolean atFirst) {
    for (NavigableMap<Long, Integer> device : written) {
      device.merge(time, 1, Integer::sum);
    }
    settled.remove(time);
    if (atFirst) {
      settled.add(time);
    }
  }

  private void restABit() {
    long restMs = 200;
    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restMs);
    await().pollInterval(Duration.ofMillis(restMs)).until(() -> System.nanoTime() >= untilNs);
  }

  private String device(int number) {
    return database + ".d" + number;
  }

  private static long whole(int device, long time, int version) {
    return version * 1_000_000_000L + time * 10 + device;
  }

  private static double broken(int device, long time, int version) {
    return new Random(whole(device, time, version)).nextDouble();
  }

  private static Session open(SluiceNode node, int answerMsMax) throws IoTDBConnectionException {
    Session opened =
        new Session.Builder()
            .host(node.address())
            .port(SluiceNode.CLIENT_PORT)
            .username("root")
            .password("root")
            .fetchSize(FETCH_ROWS)
            .enableRedirection(false)
            .maxRetryCount(0)
            .build();
    opened.open(false, answerMsMax);
    return opened;
  }

  private void closeSession() {
    if (session != null) {
      try {
        session.close();
      } catch (IoTDBConnectionException e) {
        refusals++; // gone already
      }
      session = null;
    }
  }

  /**
   * The check at the end of every test: what was acknowledged is at the sender, and after a while
   * at the receiver, exactly as last written, and nothing else; and the pipe says that it is well.
   */
  void awaitEverywhere(SluiceCluster edge, SluiceCluster cloud, String pipe, Duration max) {
    awaitOn(edge.dataNodes().get(0), max);
    awaitOn(cloud.dataNodes().get(0), max);
    await("SHOW PIPE " + pipe)
        .atMost(max)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = edge.sql()) {
                Sql.Table shown = sql.table("SHOW PIPE " + pipe);
                assertThat(shown.only("Status")).isEqualTo("RUNNING");
                assertThat(shown.only("Message")).isEqualTo("NORMAL");
              }
            });
  }

  /** Returns when the node answers exactly what was acknowledged. */
  void awaitOn(SluiceNode node, Duration max) {
    await(database + " on " + node.name())
        .atMost(max)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(differences(node)).isEmpty());
  }

  private List<String> differences(SluiceNode node) throws Exception {
    List<String> found = new ArrayList<>();
    Session asked = open(node, (int) INSIST_MAX.toMillis());
    try {
      for (int device = 0; device < DEVICES && found.size() < DIFFERENCES_SHOWN; device++) {
        compare(device, asked, found);
      }
    } finally {
      asked.close();
    }
    return found;
  }

  private void compare(int device, Session asked, List<String> differences) throws Exception {
    NavigableMap<Long, Integer> missing;
    synchronized (this) {
      missing = new TreeMap<>(written.get(device));
    }
    SessionDataSet rows = asked.executeQueryStatement("select v, f from " + device(device));
    try {
      while (rows.hasNext()) {
        RowRecord row = rows.next();
        long time = row.getTimestamp();
        Integer version = missing.remove(time);
        String expected =
            version == null
                ? "nothing"
                : whole(device, time, version) + " " + broken(device, time, version);
        String is = row.getFields().get(0) + " " + row.getFields().get(1);
        if (!is.equals(expected) && differences.size() < DIFFERENCES_SHOWN) {
          differences.add(device(device) + " at " + time + ": " + is + " for " + expected);
        }
      }
    } finally {
      rows.closeOperationHandle();
    }
    if (!missing.isEmpty() && differences.size() < DIFFERENCES_SHOWN) {
      differences.add(
          device(device) + ": " + missing.size() + " rows missing, first " + missing.firstKey());
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    closeSession();
  }
}
