package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.WrittenPipeTable;
import io.sluice.cli.proxy.ProxyNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pipe statements while DataNodes are dead, hang, or cannot be reached. */
class PipeStatementFaultsIT {
  private static final Duration CONVERGENCE_MAX = Duration.ofSeconds(30);

  private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Looks that take two heartbeats on a machine that holds nobody up. */
  private static final int LOOKS_MAX = (int) TWO_HEARTBEATS.dividedBy(LOOK) + 1;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;
  private static ProxyNetwork network;

  @BeforeAll
  static void start() throws Exception {
    network = CLUSTERS.network();
    cluster = CLUSTERS.apart("three", Map.of()).start(3, 3);
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=1)");
    }
  }

  private static LocalNode node(int number) {
    return cluster.dataNodes().get(number);
  }

  /** What a test has broken is whole again, and the table is everywhere the same. */
  @AfterEach
  void mend() throws Exception {
    network.heal();
    for (LocalNode each : cluster.nodes()) {
      if (!each.alive()) {
        each.start();
      }
      each.resume();
    }
    try (Sql sql = Sql.at(node(0))) {
      awaitStatus(sql, "Running", cluster.nodes());
      awaitSameTable(sql);
      Sql.Table pipes = sql.table("SHOW PIPES");
      for (List<String> pipe : pipes.rows()) {
        sql.run("DROP PIPE " + pipes.value(pipe, "Name"));
      }
      awaitSameTable(sql);
    }
  }

  private static void awaitStatus(Sql sql, String status, List<LocalNode> nodes) {
    await()
        .atMost(CONVERGENCE_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              for (LocalNode each : nodes) {
                assertThat(Members.status(sql, each)).as("%s", each.home()).isEqualTo(status);
              }
            });
  }

  private static void awaitSameTable(Sql sql) {
    await()
        .atMost(CONVERGENCE_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Map<String, String> shown = sql.pipes();
              for (LocalNode each : cluster.dataNodes()) {
                assertThat(WrittenPipeTable.of(each).statusByName())
                    .as("table of %s", each.home())
                    .isEqualTo(shown);
              }
            });
  }

  /**
   * Counted from the first heartbeat it answers, which makes it Running, and in looks, each with an
   * answer of the node to a client: a machine that holds the node up holds the looks up with it.
   */
  private static void awaitTableWithinTwoHeartbeats(Sql sql, LocalNode back) throws Exception {
    Map<String, String> shown = sql.pipes();
    await()
        .atMost(CONVERGENCE_MAX)
        .pollInterval(LOOK)
        .ignoreExceptions()
        .until(() -> Members.status(sql, back).equals("Running"));
    AtomicInteger looks = new AtomicInteger();
    await()
        .atMost(CONVERGENCE_MAX)
        .pollInterval(LOOK)
        .ignoreExceptionsInstanceOf(IoTDBConnectionException.class)
        .until(
            () -> {
              boolean last = looks.get() >= LOOKS_MAX;
              boolean equal = WrittenPipeTable.of(back).statusByName().equals(shown);
              try (Sql there = Sql.at(back)) {
                there.table("SHOW VERSION");
              }
              looks.incrementAndGet();
              return equal || last;
            });
    assertThat(WrittenPipeTable.of(back).statusByName())
        .as("after %s looks", looks)
        .isEqualTo(shown);
  }

  /** The four statements, at the same time, fail for {@code because} and leave what they must. */
  private static void allFour(Sql sql, String because) throws Exception {
    Map<String, String> refusals =
        Map.of(
            "CREATE PIPE fresh TO s",
            "1107: Fail to create PIPE [fresh] because " + because + ".",
            "START PIPE stopped",
            "1107: Fail to start PIPE [stopped] because " + because + ".",
            "STOP PIPE running",
            "1107: Fail to stop PIPE [running] because " + because + ".",
            "DROP PIPE dropped",
            "1107: Fail to DROP_PIPE because Fail to drop PIPE [dropped] because "
                + because
                + ". Please execute [DROP PIPE dropped] later to retry.");
    ExecutorService clients = Executors.newFixedThreadPool(refusals.size());
    try {
      Map<String, Future<String>> answers = new TreeMap<>();
      for (String statement : refusals.keySet()) {
        answers.put(statement, clients.submit(() -> refusal(statement)));
      }
      for (Map.Entry<String, Future<String>> answer : answers.entrySet()) {
        assertThat(answer.getValue().get()).isEqualTo(refusals.get(answer.getKey()));
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(sql.pipes())
        .as("undone, but for the DROP")
        .isEqualTo(Map.of("stopped", "STOP", "running", "RUNNING", "dropped", "DROP"));
  }

  private static String refusal(String statement) throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      return sql.refusal(statement);
    }
  }

  private static void makePipes(Sql sql) throws Exception {
    sql.run(
        "CREATE PIPE stopped TO s",
        "CREATE PIPE running TO s",
        "START PIPE running",
        "CREATE PIPE dropped TO s",
        "START PIPE dropped");
    awaitSameTable(sql);
  }

  @Test
  void aDeadDataNodeIsNamedAndEverythingUndone() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      makePipes(sql);
      node(1).kill9();
      allFour(sql, "Connection refused on " + Members.named(sql, node(1)));
      assertThat(WrittenPipeTable.of(node(2)).statusByName())
          .as("undone on the nodes that were told")
          .containsEntry("stopped", "STOP")
          .containsEntry("running", "RUNNING")
          .containsEntry("dropped", "DROP")
          .doesNotContainEntry("fresh", "STOP");
      node(1).start();
      awaitSameTable(sql);
      assertThat(sql.refusal("START PIPE dropped"))
          .isEqualTo("1107: PIPE [dropped] has been dropped and cannot be started again.");
      assertThat(sql.refusal("STOP PIPE dropped"))
          .isEqualTo("1107: PIPE [dropped] has been dropped and cannot be stopped again.");
      assertThat(sql.refusal("CREATE PIPE dropped TO s"))
          .isEqualTo("1107: PIPE [dropped] is DROP, please retry after drop it.");
      assertThat(sql.refusal("DROP PIPESINK s")).contains("PIPE [").contains("is using it");
      sql.run("DROP PIPE dropped");
      assertThat(sql.pipes()).doesNotContainKey("dropped");
    }
  }

  @Test
  void aDataNodeThatHangsCostsATimeout() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      makePipes(sql);
      node(1).pause();
      allFour(sql, "Timeout on " + Members.named(sql, node(1)));
    }
  }

  @Test
  void aPartitionedDataNodeCostsATimeout() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      makePipes(sql);
      network.part(List.of(node(1)), cluster.nodes());
      allFour(sql, "Timeout on " + Members.named(sql, node(1)));
    }
  }

  @Test
  void severalAreAllNamedInTheirOrder() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      makePipes(sql);
      node(1).kill9();
      node(2).pause();
      allFour(
          sql,
          "Connection refused on "
              + Members.named(sql, node(1))
              + ", Timeout on "
              + Members.named(sql, node(2)));
    }
  }

  @Test
  void anUnknownDataNodeIsLeftOutAndLearnsTheTableWhenItComesBack() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      makePipes(sql);
      node(1).kill9();
      network.part(List.of(node(2)), cluster.nodes());
      awaitStatus(sql, "Unknown", List.of(node(1), node(2)));
      sql.run("CREATE PIPE fresh TO s", "START PIPE stopped", "STOP PIPE running");
      sql.run("DROP PIPE dropped");
      Map<String, String> now = Map.of("fresh", "STOP", "stopped", "RUNNING", "running", "STOP");
      assertThat(sql.pipes()).isEqualTo(now);
      assertThat(WrittenPipeTable.of(node(2)).statusByName())
          .as("who is away does not know")
          .containsKey("dropped");
      network.heal();
      awaitTableWithinTwoHeartbeats(sql, node(2));
      node(1).start();
      awaitTableWithinTwoHeartbeats(sql, node(1));
      awaitSameTable(sql);
      assertThat(WrittenPipeTable.of(node(2)).statusByName()).isEqualTo(now);
      awaitStatus(sql, "Running", cluster.nodes());
    }
  }
}
