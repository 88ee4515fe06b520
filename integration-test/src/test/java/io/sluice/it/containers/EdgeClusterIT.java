package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pipe statements and uploads of an edge cluster whose machines die, freeze or drop off the net.
 */
@NeedsEngine
class EdgeClusterIT {
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(3);
  private static final Duration PERIOD = Duration.ofMillis(50);
  private static final int ROUNDS = 40;

  @RegisterExtension static final Stage STAGE = new Stage();

  private static SluiceCluster edge;
  private static SluiceCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    // Statements given while a node still counts as Running need that much time, on a busy machine.
    edge =
        STAGE.start(
            STAGE.cluster("edge").nodes(3, 2).with("unknown_node_threshold_in_ms", "30000"));
    String senders = edge.dataNode(0).address() + "/32," + edge.dataNode(1).address() + "/32";
    cloud = STAGE.start(STAGE.cluster("cloud").with("ip_white_list", senders));
    try (Sql sender = edge.sql()) {
      sender.run(
          "CREATE PIPESINK cloud AS IoTDB (ip='" + cloud.dataNode(0).address() + "',port=6667)");
    }
  }

  /** What a test has broken is whole again, and what it has left behind, when it failed, gone. */
  @AfterEach
  void mend() {
    STAGE.faults().heal();
    for (SluiceNode node : edge.nodes()) {
      node.resume();
      node.begin();
    }
    edge.nodes().forEach(SluiceNode::awaitServing);
    edge.awaitAllRunning();
    edge.dropPipes();
  }

  private static SluiceNode other() {
    return edge.dataNode(1);
  }

  /**
   * All four statements, given at once while the node still counts as Running, fail for the reason,
   * each in its own words, and leave what they should.
   */
  private static void statementsFail(Sql sender, String reason) throws Exception {
    String why = "because " + reason + " on " + edge.nameOf(other()) + ".";
    Map<String, String> refusals =
        Map.of(
            "CREATE PIPE fresh TO cloud",
            "1107: Fail to create PIPE [fresh] " + why,
            "START PIPE stopped",
            "1107: Fail to start PIPE [stopped] " + why,
            "STOP PIPE running",
            "1107: Fail to stop PIPE [running] " + why,
            "DROP PIPE dropped",
            "1107: Fail to DROP_PIPE because Fail to drop PIPE [dropped] "
                + why
                + " Please execute [DROP PIPE dropped] later to retry.");
    ExecutorService clients = Executors.newFixedThreadPool(refusals.size());
    try {
      Map<String, Future<String>> answers = new HashMap<>();
      for (String statement : refusals.keySet()) {
        answers.put(statement, clients.submit(() -> refusal(statement)));
      }
      for (Map.Entry<String, Future<String>> answer : answers.entrySet()) {
        assertThat(answer.getValue().get()).isEqualTo(refusals.get(answer.getKey()));
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(sender.pipes())
        .as("undone, but for the DROP")
        .isEqualTo(Map.of("stopped", "STOP", "running", "RUNNING", "dropped", "DROP"));
  }

  private static String refusal(String statement) throws Exception {
    try (Sql sql = edge.sql()) {
      return sql.refusal(statement);
    }
  }

  private interface Fault {
    void happen();
  }

  /**
   * Statements fail while the node still counts as Running, and succeed without it once it is
   * Unknown; it learns of them when it is back, and everything acknowledged gets to the cloud.
   */
  private void statementsUnder(String database, String reason, Fault fault, Fault end)
      throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows(database, edge.dataNodes());
        Sql sender = edge.sql()) {
      edge.pipe("stopped", "cloud", "STOP");
      edge.pipe("dropped", "cloud", "STOP");
      edge.pipe("running", "cloud", "RUNNING");
      rows.write(ROUNDS);
      fault.happen();
      statementsFail(sender, reason);
      awaitStatus(sender, "Unknown");
      sender.run("DROP PIPE dropped", "CREATE PIPE fresh TO cloud", "DROP PIPE stopped");
      assertThat(sender.pipes()).isEqualTo(Map.of("running", "RUNNING", "fresh", "STOP"));

      end.happen();
      awaitStatus(sender, "Running");
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "running", RECOVERY_MAX);
    }
  }

  private static void awaitStatus(Sql asked, String status) {
    await()
        .atMost(RECOVERY_MAX)
        .untilAsserted(() -> assertThat(SluiceCluster.statusOf(other(), asked)).isEqualTo(status));
  }

  @Test
  void aKilledDataNodeRefuses() throws Exception {
    // Its machine lives on and refuses what nobody listens for.
    statementsUnder(
        "root.killed",
        "Connection refused",
        () -> {
          STAGE.faults().refuse(other());
          other().pause();
        },
        () -> {
          STAGE.faults().heal();
          other().resume();
          other().kill();
          other().start();
        });
  }

  @Test
  void aPausedDataNodeCostsATimeout() throws Exception {
    statementsUnder("root.paused", "Timeout", other()::pause, other()::resume);
  }

  @Test
  void aDataNodeOffTheNetworkCostsATimeout() throws Exception {
    statementsUnder(
        "root.cut",
        "Timeout",
        () -> STAGE.faults().cut(other(), edge.configNodes()),
        STAGE.faults()::heal);
  }

  @Test
  void aLostLeaderOfTheConfigNodesStopsNeitherUploadsNorStatements() throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows("root.headless", edge.dataNodes());
        Sql sender = edge.sql()) {
      edge.pipe("headless", "cloud", "RUNNING");
      rows.write(ROUNDS);
      rows.begin(PERIOD);
      SluiceNode leader = edge.leadingConfigNode();
      leader.kill();
      rows.awaitMore(ROUNDS);
      await()
          .atMost(RECOVERY_MAX)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(edge.leadingConfigNode()).isNotSameAs(leader));
      sender.run("STOP PIPE headless", "START PIPE headless");

      leader.start();
      SluiceNode second = edge.leadingConfigNode();
      second.pause();
      rows.awaitMore(ROUNDS);
      await()
          .atMost(RECOVERY_MAX)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(edge.leadingConfigNode()).isNotSameAs(second));
      sender.run("STOP PIPE headless", "START PIPE headless");
      second.resume();
      rows.end();
      rows.awaitEverywhere(edge, cloud, "headless", RECOVERY_MAX);
    }
  }

  @Test
  void aDataNodeThatIsKilledWhileItUploadsLosesNothing() throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows("root.crash", List.of(edge.dataNode(0)))) {
      edge.pipe("crash", "cloud", "RUNNING");
      rows.begin(PERIOD);
      rows.awaitMore(ROUNDS);
      other().kill();
      other().start();
      rows.awaitMore(ROUNDS);
      rows.end();
      rows.awaitEverywhere(edge, cloud, "crash", RECOVERY_MAX);
    }
  }
}
