package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.time.Duration;
import java.util.List;
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
    edge = STAGE.start(STAGE.cluster("edge").nodes(3, 2));
    String senders = edge.dataNode(0).address() + "/32," + edge.dataNode(1).address() + "/32";
    cloud = STAGE.start(STAGE.cluster("cloud").with("ip_white_list", senders));
    try (Sql sender = edge.sql()) {
      sender.run(
          "CREATE PIPESINK cloud AS IoTDB (ip='" + cloud.dataNode(0).address() + "',port=6667)");
    }
  }

  @AfterEach
  void mend() {
    STAGE.faults().heal();
    for (SluiceNode node : edge.nodes()) {
      node.resume();
      node.begin();
    }
    edge.nodes().forEach(SluiceNode::awaitServing);
    edge.awaitAllRunning();
  }

  private static SluiceNode other() {
    return edge.dataNode(1);
  }

  /** All four statements fail for the reason, each in its own words, and leave what they should. */
  private static void statementsFail(Sql sender, String reason) throws Exception {
    String why = "because " + reason + " on " + edge.nameOf(other()) + ".";
    assertThat(sender.refusal("CREATE PIPE fresh TO cloud"))
        .isEqualTo("1107: Fail to create PIPE [fresh] " + why);
    assertThat(sender.refusal("START PIPE stopped"))
        .isEqualTo("1107: Fail to start PIPE [stopped] " + why);
    assertThat(sender.refusal("STOP PIPE running"))
        .isEqualTo("1107: Fail to stop PIPE [running] " + why);
    assertThat(sender.refusal("DROP PIPE dropped"))
        .isEqualTo(
            "1107: Fail to DROP_PIPE because Fail to drop PIPE [dropped] "
                + why
                + " Please execute [DROP PIPE dropped] later to retry.");
    assertThat(sender.table("SHOW PIPE fresh").rows()).isEmpty();
    assertThat(sender.table("SHOW PIPE stopped").only("Status")).isEqualTo("STOP");
    assertThat(sender.table("SHOW PIPE running").only("Status")).isEqualTo("RUNNING");
    assertThat(sender.table("SHOW PIPE dropped").only("Status")).isEqualTo("DROP");
  }

  private interface Fault {
    void happen();
  }

  /**
   * Rows are written all the while; the statements fail while the node still counts as Running, and
   * succeed without it once it is Unknown; in the end everything acknowledged is on the cloud.
   */
  private void statementsUnder(String database, String reason, Fault fault, Fault end)
      throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows(database, edge.dataNodes());
        Sql sender = edge.sql()) {
      sender.run(
          "CREATE PIPE stopped TO cloud",
          "CREATE PIPE dropped TO cloud",
          "CREATE PIPE running TO cloud",
          "START PIPE running");
      rows.write(ROUNDS);
      fault.happen();
      statementsFail(sender, reason);
      awaitStatus(sender, "Unknown");
      sender.run("DROP PIPE dropped", "CREATE PIPE fresh TO cloud", "DROP PIPE stopped");
      assertThat(sender.table("SHOW PIPE fresh").only("Status")).isEqualTo("STOP");

      end.happen();
      awaitStatus(sender, "Running");
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "running", RECOVERY_MAX);
      sender.run("DROP PIPE running", "DROP PIPE fresh");
      assertThat(sender.table("SHOW PIPES").rows()).isEmpty();
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
        () -> edge.configNodes().forEach(node -> STAGE.faults().cut(other(), node)),
        STAGE.faults()::heal);
  }

  @Test
  void aLostLeaderOfTheConfigNodesStopsNeitherUploadsNorStatements() throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows("root.headless", edge.dataNodes());
        Sql sender = edge.sql()) {
      sender.run("CREATE PIPE headless TO cloud", "START PIPE headless");
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
      sender.run("DROP PIPE headless");
    }
  }

  @Test
  void aDataNodeThatIsKilledWhileItUploadsLosesNothing() throws Exception {
    try (AcknowledgedRows rows = new AcknowledgedRows("root.crash", List.of(edge.dataNode(0)));
        Sql sender = edge.sql()) {
      sender.run("CREATE PIPE crash TO cloud", "START PIPE crash");
      rows.begin(PERIOD);
      rows.awaitMore(ROUNDS);
      other().kill();
      other().start();
      rows.awaitMore(ROUNDS);
      rows.end();
      rows.awaitEverywhere(edge, cloud, "crash", RECOVERY_MAX);
      sender.run("DROP PIPE crash");
    }
  }
}
