package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three replicas of every region, as processes: one of them dies or hangs under a writer. */
class ReplicatedDatabaseIT {
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(90);

  /** An election, what makes a node suspect, and a slow machine. */
  private static final Duration STALL_MAX = Duration.ofSeconds(20);

  private static final int DEVICES = 6;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private LocalCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = CLUSTERS.named("replicated-" + System.nanoTime()).start(1, 3);
    try (Sql sql = Sql.at(cluster.clientPort(0))) {
      sql.run("CREATE DATABASE root.r WITH DATA_REPLICATION_FACTOR=3");
    }
  }

  /** Writes one row after the other through one node until told to stop. */
  private static final class Writer implements AutoCloseable {
    private final int port;
    private final TreeSet<Integer> acknowledged = new TreeSet<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "writer");
    private volatile long acknowledgedAtNs = System.nanoTime();
    private volatile long longestStallNs;
    private volatile int count;
    private volatile String lastFailure = "none";

    Writer(int port) {
      this.port = port;
      thread.start();
    }

    private void run() {
      try (Sql sql = Sql.at(port)) {
        for (int time = 0; !stop.get(); time++) {
          writeUntilAcknowledged(sql, time);
          long nowNs = System.nanoTime();
          longestStallNs = Math.max(longestStallNs, nowNs - acknowledgedAtNs);
          acknowledgedAtNs = nowNs;
          acknowledged.add(time);
          count = acknowledged.size();
        }
      } catch (Exception e) {
        lastFailure = e.toString();
      }
    }

    private void writeUntilAcknowledged(Sql sql, int time) throws Exception {
      String device = "root.r.d" + time % DEVICES;
      while (true) {
        try {
          sql.run("insert into " + device + "(timestamp,s) values(" + time + "," + time + ")");
          return;
        } catch (Exception e) {
          lastFailure = e.toString();
          if (stop.get()) {
            throw e;
          }
        }
      }
    }

    /** Only what comes from now on counts. */
    void forgetStalls() {
      longestStallNs = 0;
    }

    void awaitMore(int rows) {
      int from = count;
      await()
          .atMost(RECOVERY_MAX)
          .untilAsserted(
              () ->
                  assertThat(count).as("last failure: %s", lastFailure).isGreaterThan(from + rows));
    }

    @Override
    public void close() throws InterruptedException {
      stop.set(true);
      thread.join();
    }
  }

  private static TreeSet<Integer> times(int port) throws Exception {
    TreeSet<Integer> times = new TreeSet<>();
    try (Sql sql = Sql.at(port)) {
      for (int device = 0; device < DEVICES; device++) {
        for (List<String> row : sql.table("select s from root.r.d" + device).rows()) {
          times.add((int) Double.parseDouble(row.get(1)));
        }
      }
    }
    return times;
  }

  private void everyNodeHas(TreeSet<Integer> acknowledged) {
    for (int i = 0; i < cluster.dataNodes().size(); i++) {
      if (cluster.dataNodes().get(i).alive()) {
        int port = cluster.clientPort(i);
        await()
            .atMost(RECOVERY_MAX)
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(times(port)).containsAll(acknowledged));
      }
    }
  }

  @Test
  void writersGoOnWhenOneOfThreeIsKilledAndItCatchesUp() throws Exception {
    LocalNode victim = cluster.dataNodes().get(1);
    try (Writer writer = new Writer(cluster.clientPort(0))) {
      writer.awaitMore(100);
      writer.forgetStalls();
      victim.kill9();
      writer.awaitMore(100);
      Duration stall = Duration.ofNanos(writer.longestStallNs);
      victim.start();
      writer.awaitMore(100);
      writer.close();
      everyNodeHas(writer.acknowledged);
      assertThat(stall).isLessThan(STALL_MAX);
    }
  }

  @Test
  void writersGoOnWhenOneOfThreeHangs() throws Exception {
    LocalNode victim = cluster.dataNodes().get(1);
    try (Writer writer = new Writer(cluster.clientPort(0))) {
      writer.awaitMore(100);
      writer.forgetStalls();
      victim.pause();
      writer.awaitMore(100);
      Duration stall = Duration.ofNanos(writer.longestStallNs);
      victim.resume();
      writer.awaitMore(100);
      writer.close();
      everyNodeHas(writer.acknowledged);
      assertThat(stall).isLessThan(STALL_MAX);
    }
  }

  @Test
  void eachOfThreeIsKilledInTurn() throws Exception {
    List<Writer> writers = new ArrayList<>();
    TreeSet<Integer> all = new TreeSet<>();
    try (Writer writer = new Writer(cluster.clientPort(0))) {
      writers.add(writer);
      for (LocalNode victim : cluster.dataNodes().subList(1, 3)) {
        writer.awaitMore(50);
        victim.kill9();
        writer.awaitMore(50);
        victim.start();
      }
      writer.awaitMore(50);
      writer.close();
      all.addAll(writer.acknowledged);
    }
    everyNodeHas(all);
  }
}
