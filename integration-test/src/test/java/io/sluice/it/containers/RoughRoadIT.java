package io.sluice.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.Sql;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An edge far away: lossy, late, narrow, cut off, and at another address afterwards. */
@NeedsEngine
class RoughRoadIT {
  private static final Duration ARRIVAL_MAX = Duration.ofMinutes(3);
  private static final double LOSS = 0.1;
  private static final int NARROW_KILOBITS = 64;
  private static final int ROUNDS = 100;

  @RegisterExtension static final Stage STAGE = new Stage();

  private static SluiceCluster edge;
  private static SluiceCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = STAGE.start(STAGE.cluster("edge"));
    cloud = STAGE.start(STAGE.cluster("cloud").with("ip_white_list", "0.0.0.0/0"));
    try (Sql sender = edge.sql()) {
      sender.run("CREATE PIPESINK cloud AS IoTDB (ip='" + cloudAddress() + "',port=6667)");
    }
  }

  @AfterEach
  void heal() {
    STAGE.faults().heal();
    edge.dropPipes();
  }

  private static String cloudAddress() {
    return cloud.dataNode(0).address();
  }

  /** A pipe whose first rows have arrived. */
  private static AcknowledgedRows flowing(String name, String sink) throws Exception {
    AcknowledgedRows rows = new AcknowledgedRows("root." + name, edge.dataNodes());
    edge.pipe(name, sink, "RUNNING");
    rows.write(10);
    rows.awaitOn(cloud.dataNode(0), ARRIVAL_MAX);
    return rows;
  }

  @Test
  void aTenthOfThePacketsIsLost() throws Exception {
    try (AcknowledgedRows rows = flowing("lossy", "cloud")) {
      // Lost at the cloud, so that what the test says to the edge is not.
      STAGE.faults().lose(cloud.dataNode(0), LOSS);
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "lossy", ARRIVAL_MAX);
      assertThat(STAGE.faults().dropped(cloud.dataNode(0))).as("packets lost").isPositive();
    }
  }

  @Test
  void everyAnswerIsLate() throws Exception {
    long delayMs = 400;
    try (DelayingProxy proxy =
        DelayingProxy.open(
            STAGE.network().ownAddress(),
            new InetSocketAddress(cloudAddress(), SluiceNode.CLIENT_PORT),
            delayMs)) {
      try (Sql sender = edge.sql()) {
        sender.run(
            "CREATE PIPESINK far AS IoTDB (ip='"
                + STAGE.network().ownAddress()
                + "',port="
                + proxy.port()
                + ")");
      }
      try (AcknowledgedRows rows = flowing("late", "far")) {
        rows.write(ROUNDS);
        rows.awaitEverywhere(edge, cloud, "late", ARRIVAL_MAX);
        assertThat(proxy.passedBytes()).as("bytes that came the long way").isPositive();
      }
    }
  }

  @Test
  void aNarrowLinkCarriesABacklogAndWhatComesMeanwhile() throws Exception {
    try (AcknowledgedRows rows = flowing("narrow", "cloud")) {
      // A backlog comes in pieces too large for a moment's burst, however slow this machine is.
      try (Sql sender = edge.sql()) {
        sender.run("STOP PIPE narrow");
        rows.write(10 * ROUNDS);
        // At the cloud, so that what the test says to the edge is not slowed.
        STAGE.faults().narrow(cloud.dataNode(0), NARROW_KILOBITS);
        sender.run("START PIPE narrow");
      }
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "narrow", ARRIVAL_MAX);
      assertThat(STAGE.faults().held(cloud.dataNode(0))).as("packets that waited").isPositive();
    }
  }

  @Test
  void anEdgeThatComesBackAtAnotherAddressGoesOn() throws Exception {
    SluiceNode node = edge.dataNode(0);
    String before = node.address();
    try (AcknowledgedRows rows = flowing("moved", "cloud")) {
      node.unplug();
      node.plug(STAGE.network().newAddress());
      assertThat(node.address()).isNotEqualTo(before);
      rows.write(ROUNDS);
      rows.awaitEverywhere(edge, cloud, "moved", ARRIVAL_MAX);
      try (Sql receiver = cloud.sql()) {
        await()
            .atMost(ARRIVAL_MAX)
            .untilAsserted(
                () -> {
                  Sql.Table shown = receiver.table("SHOW PIPE moved");
                  assertThat(shown.rows()) // one for each database that the edge has
                      .isNotEmpty()
                      .allSatisfy(
                          row -> assertThat(shown.value(row, "Remote")).isEqualTo(node.address()));
                });
      }
    }
  }

  @Test
  void anEdgeThatWasOffLineSendsWhatItGatheredMeanwhile() throws Exception {
    offLine("offline", 10 * ROUNDS);
  }

  @Test
  @Tag("containers-long")
  void anEdgeThatWasOffLineForVeryLongSendsWhatItGatheredMeanwhile() throws Exception {
    offLine("weeks", 1_000 * ROUNDS);
  }

  /** Writes while there is no way to the cloud; the edge is restarted on the way. */
  private void offLine(String name, int rounds) throws Exception {
    try (AcknowledgedRows rows = flowing(name, "cloud")) {
      STAGE.faults().cut(cloud.dataNode(0), edge.nodes());
      rows.write(rounds / 2);
      awaitTrouble(name);
      edge.dataNode(0).kill();
      edge.dataNode(0).start();
      rows.write(rounds / 2);
      awaitTrouble(name);
      STAGE.faults().heal();
      rows.awaitEverywhere(edge, cloud, name, ARRIVAL_MAX);
    }
  }

  private static void awaitTrouble(String pipe) {
    await()
        .atMost(ARRIVAL_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sender = edge.sql()) {
                assertThat(sender.table("SHOW PIPE " + pipe).only("Message"))
                    .isNotEqualTo("NORMAL");
              }
            });
  }
}
