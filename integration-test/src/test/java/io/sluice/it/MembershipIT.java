package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Regions that move under load, nodes that leave, die, are replaced: real processes. */
class MembershipIT {
  private static final Duration LONG = Duration.ofMinutes(3);

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  /** Writes rows of one device, one after another, each until it is acknowledged. */
  private static final class Writer implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Future<Long> acknowledged;

    Writer(LocalNode node, String device) {
      acknowledged = thread.submit(() -> write(node, device));
    }

    private long write(LocalNode node, String device) throws IoTDBConnectionException {
      try (Sql sql = Sql.at(node)) {
        long time = 0;
        while (!over.get()) {
          try {
            sql.run(
                "INSERT INTO " + device + "(time, s) VALUES (" + (time + 1) + ", " + time + ")");
            time++;
          } catch (StatementExecutionException e) {
            // Written again under the same time: nothing is lost, nothing counted twice.
            assertThat(e.getMessage()).isNotEmpty();
          }
        }
        return time;
      }
    }

    long stop() throws Exception {
      over.set(true);
      return acknowledged.get();
    }

    @Override
    public void close() {
      over.set(true);
      thread.shutdownNow();
    }
  }

  private static void awaitRest(Sql sql) {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              Sql.Table regions = sql.table("SHOW REGIONS");
              assertThat(regions.rows())
                  .allSatisfy(row -> assertThat(regions.value(row, "Status")).isEqualTo("Running"));
            });
  }

  private static TreeSet<Integer> holders(Sql sql, String region) throws Exception {
    Sql.Table regions = sql.table("SHOW REGIONS");
    TreeSet<Integer> holders = new TreeSet<>();
    for (List<String> row : regions.rows()) {
      if (regions.value(row, "RegionId").equals(region)) {
        holders.add(Integer.parseInt(regions.value(row, "DataNodeId")));
      }
    }
    return holders;
  }

  private static long count(Sql sql, String device) throws Exception {
    return Long.parseLong(sql.table("SELECT count(s) FROM " + device).rows().get(0).get(0));
  }

  @Test
  void aRegionOfOneReplicaMovesUnderLoadAndItsOldNodeLeaves() throws Exception {
    LocalCluster cluster = CLUSTERS.named("single").start(1, 2);
    try (Sql sql = Sql.at(cluster.dataNodes().get(1));
        Writer writer = new Writer(cluster.dataNodes().get(1), "root.m.d1")) {
      int one = Members.id(sql, cluster.dataNodes().get(0));
      int two = Members.id(sql, cluster.dataNodes().get(1));
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(count(sql, "root.m.d1")).isGreaterThan(100));
      Sql.Table regions = sql.table("SHOW REGIONS");
      for (List<String> row : regions.rows()) {
        String region = regions.value(row, "RegionId");
        int from = Integer.parseInt(regions.value(row, "DataNodeId"));
        sql.run("migrate region " + region + " from " + from + " to " + (from == one ? two : one));
      }
      awaitRest(sql);
      sql.run("REMOVE DATANODE " + one);
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(sql.table("SHOW DATANODES").rows()).hasSize(1));
      await().atMost(LONG).until(() -> !cluster.dataNodes().get(0).alive());
      awaitRest(sql);
      long written = writer.stop();
      assertThat(count(sql, "root.m.d1")).isEqualTo(written);
      assertThat(sql.refusal("REMOVE DATANODE " + two)).contains("is the last one");
    }
  }

  @Test
  void threeReplicasMoveUnderLoadADeadNodeIsReplaced() throws Exception {
    LocalCluster cluster = CLUSTERS.named("triple").start(1, 4);
    try (Sql sql = Sql.at(cluster.dataNodes().get(0))) {
      Members.awaitRunning(cluster, sql);
      sql.run("CREATE DATABASE root.m WITH DATA_REPLICATION_FACTOR=3");
    }
    try (Sql sql = Sql.at(cluster.dataNodes().get(0));
        Writer writer = new Writer(cluster.dataNodes().get(0), "root.m.d1")) {
      awaitRest(sql);
      assertThat(sql.refusal("CREATE DATABASE root.n WITH DATA_REPLICATION_FACTOR=4"))
          .contains("it must be from 1 to 3");
      int one = Members.id(sql, cluster.dataNodes().get(0));
      Set<Integer> all = new TreeSet<>();
      for (LocalNode node : cluster.dataNodes()) {
        all.add(Members.id(sql, node));
      }
      for (String region : List.of("0", "1", "2", "3")) {
        Set<Integer> free = new TreeSet<>(all);
        free.removeAll(holders(sql, region));
        // Off the last node, so that three regions end on the first three alone.
        int from = holders(sql, region).last();
        int to = free.iterator().next();
        sql.run("MIGRATE REGION " + region + " FROM " + from + " TO " + to);
        awaitRest(sql);
        assertThat(holders(sql, region)).hasSize(3).contains(to).doesNotContain(from);
      }
      LocalNode dead = cluster.dataNodes().get(3);
      int deadId = Members.id(sql, dead);
      dead.kill9();
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(Members.status(sql, dead)).isEqualTo("Unknown"));
      assertThat(sql.refusal("REMOVE DATANODE " + one)).contains("cannot be removed");
      cluster.addDataNode().start();
      sql.run("REMOVE DATANODE " + deadId);
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(sql.table("SHOW DATANODES").rows()).hasSize(4));
      awaitRest(sql);
      long written = writer.stop();
      assertThat(written).isGreaterThan(100);
      assertThat(count(sql, "root.m.d1")).isEqualTo(written);
    }
  }

  @Test
  void aNodeWithoutFreeDiskIsReadOnly() throws Exception {
    LocalCluster cluster =
        CLUSTERS.named("full", Map.of("disk_space_warning_threshold", "0.9999")).start(1, 1);
    try (Sql sql = Sql.at(cluster.dataNodes().get(0))) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(Members.status(sql, cluster.dataNodes().get(0)))
                      .isEqualTo("ReadOnly"));
      assertThat(sql.refusal("INSERT INTO root.full.d1(time, s) VALUES (1, 1)"))
          .contains("no DataNode is Running");
    }
  }

  @Test
  void aDeadConfigNodeIsReplacedAndNodesMayListenElsewhere() throws Exception {
    LocalCluster cluster = CLUSTERS.named("threeconfig").start(3, 3);
    try (Sql sql = Sql.at(cluster.dataNodes().get(0))) {
      Members.awaitRunning(cluster, sql);
      sql.run("CREATE DATABASE root.m WITH DATA_REPLICATION_FACTOR=3");
      sql.run("INSERT INTO root.m.d1(time, s) VALUES (1, 1)");
      LocalNode dead = Members.leader(cluster, sql);
      int deadId = Members.id(sql, dead);
      dead.kill9();
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(Members.leader(cluster, sql)).isNotEqualTo(dead));
      sql.run("REMOVE CONFIGNODE " + deadId);
      assertThat(sql.table("SHOW CONFIGNODES").rows()).hasSize(2);

      LocalNode moved = cluster.dataNodes().get(2);
      moved.stop();
      cluster.move(moved);
      moved.start();
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(Members.status(sql, moved)).isEqualTo("Running"));
      awaitRest(sql);
      // A majority needs the one that moved.
      cluster.dataNodes().get(1).kill9();
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> sql.run("INSERT INTO root.m.d1(time, s) VALUES (2, 2)"));
      assertThat(count(sql, "root.m.d1")).isEqualTo(2);
    }
  }
}
