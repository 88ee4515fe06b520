package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.apache.iotdb.isession.SessionDataSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A large upload of noise that is cut, and both of whose ends are killed, in the middle of a file:
 * it goes on at the byte that the receiver holds. {@code -Dupload.mb=4096} makes it a larger one.
 */
class ResumedUploadIT {
  private static final Duration ARRIVAL_MAX = Duration.ofSeconds(120);
  private static final int MEGABYTES = Integer.getInteger("upload.mb", 40);
  private static final int VALUE_CHARS = 4_096;
  private static final int ROWS = (int) (((long) MEGABYTES << 20) / VALUE_CHARS);
  private static final int BATCH_ROWS = 100;
  private static final String LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** Of the file that is on its way, when the next fault strikes. */
  private static final long[] HELD_BYTES = {4L << 20, 14L << 20, 24L << 20};

  /** While faults strike: few bytes pass between a look and the fault. */
  private static final int SLOW_BYTES_PER_SECOND = 4 << 20;

  /** What may be in a socket or half written when a fault strikes. */
  private static final long LOST_BYTES_MAX = 3L << 20;

  private static final Pattern RESUMED = Pattern.compile("goes on at byte (\\d+) of");

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings = Map.of("memtable_size_threshold", "268435456");
    edge = CLUSTERS.apart("edge", settings);
    edge.addStandalone().start();
    cloud = CLUSTERS.apart("cloud", settings);
    cloud.addStandalone().start();
  }

  /** The noise of a row, which does not get smaller. */
  private static String noise(int row) {
    byte[] text = new byte[VALUE_CHARS];
    Random random = new Random(row);
    for (int i = 0; i < VALUE_CHARS; i++) {
      text[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static void write(Sql sql) throws Exception {
    for (int first = 0; first < ROWS; first += BATCH_ROWS) {
      StringJoiner values = new StringJoiner(",", "insert into root.up.d(timestamp,s) values", "");
      for (int row = first; row < Math.min(ROWS, first + BATCH_ROWS); row++) {
        values.add("(" + row + ",'" + noise(row) + "')");
      }
      sql.run(values.toString());
    }
  }

  /** Of the file on its way that is furthest. */
  private static long heldBytes(LocalNode receiver) throws IOException {
    long most = 0;
    for (Path file : LiveFiles.below(receiver.home())) {
      most = file.toString().endsWith(".part") ? Math.max(most, size(file)) : most;
    }
    return most;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // loaded meanwhile
    }
  }

  private static List<Long> resumedAt(LocalNode sender) throws IOException {
    Path log =
        LiveFiles.below(sender.home()).stream()
            .filter(each -> each.endsWith("sync.log"))
            .findFirst()
            .orElseThrow();
    return RESUMED
        .matcher(Files.readString(log))
        .results()
        .map(found -> Long.parseLong(found.group(1)))
        .toList();
  }

  @Test
  void itGoesOnAtTheByteThatTheReceiverHolds() throws Exception {
    LocalNode sending = edge.dataNodes().get(0);
    LocalNode receiving = cloud.dataNodes().get(0);
    try (Sql sender = Sql.at(sending)) {
      sender.run(
          "CREATE DATABASE root.up",
          "CREATE TIMESERIES root.up.d.s WITH DATATYPE=TEXT, ENCODING=PLAIN,"
              + " COMPRESSOR=UNCOMPRESSED");
      write(sender);
      sender.run(
          "FLUSH",
          "CREATE PIPESINK s AS IoTDB (ip='%s',port=%d,rate_limit_bytes_per_second=%d)"
              .formatted(receiving.place().front(), cloud.clientPort(0), SLOW_BYTES_PER_SECOND),
          "CREATE PIPE p TO s",
          "START PIPE p");
    }
    List<Long> held = new ArrayList<>();
    for (int fault = 0; fault < HELD_BYTES.length; fault++) {
      long wanted = HELD_BYTES[fault];
      await()
          .atMost(ARRIVAL_MAX)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> heldBytes(receiving) >= wanted);
      held.add(heldBytes(receiving));
      if (fault == 0) {
        CLUSTERS.network().cutFront(receiving);
        // It goes on through the address that the receiver has named.
        await().atMost(ARRIVAL_MAX).until(() -> !resumedAt(sending).isEmpty());
        CLUSTERS.network().heal();
      } else {
        LocalNode killed = fault == 1 ? receiving : sending;
        killed.kill9();
        killed.start();
      }
    }
    try (Sql sender = Sql.at(sending)) {
      sender.run("ALTER PIPESINK s (rate_limit_bytes_per_second=0)");
    }
    await()
        .atMost(ARRIVAL_MAX.plusSeconds(MEGABYTES / 4))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sender = Sql.at(sending)) {
                Sql.Table details = sender.table("SHOW PIPE p DETAILS");
                assertThat(details.rows()).isNotEmpty();
                for (List<String> row : details.rows()) {
                  assertThat(details.value(row, "FilesLeft")).as("%s", row).isEqualTo("0");
                }
              }
            });
    try (Sql receiver = Sql.at(receiving)) {
      SessionDataSet found = receiver.session().executeQueryStatement("select s from root.up.d");
      int row = 0;
      for (; found.hasNext(); row++) {
        var next = found.next();
        assertThat(next.getTimestamp()).isEqualTo(row);
        assertThat(next.getFields().get(0).getStringValue()).isEqualTo(noise(row));
      }
      found.closeOperationHandle();
      assertThat(row).isEqualTo(ROWS);
    }
    List<Long> resumed = resumedAt(sending);
    for (long bytes : held) {
      assertThat(resumed)
          .as("a file with %d bytes at the receiver goes on there", bytes)
          .anyMatch(at -> at >= bytes - LOST_BYTES_MAX && at <= bytes + LOST_BYTES_MAX);
    }
  }
}
