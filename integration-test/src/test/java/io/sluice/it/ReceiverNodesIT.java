package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A receiver of three DataNodes that hold three replicas: the one that is fed dies, or hangs. */
class ReceiverNodesIT {
  /** Silence is noticed after 5 s; the rest is for leaders to be elected on a busy machine. */
  private static final Duration GOES_ON_MAX = Duration.ofSeconds(40);

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int DEVICES = 10;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;
  private int rows;

  @BeforeAll
  static void start() throws Exception {
    cloud = CLUSTERS.named("cloud").start(1, 3);
    edge = CLUSTERS.named("edge").start(1, 1);
    try (Sql receiver = Sql.at(cloud.clientPort(0));
        Sql sender = Sql.at(edge.clientPort(0))) {
      Members.awaitRunning(cloud, receiver);
      receiver.run("CREATE DATABASE root.nodes WITH DATA_REPLICATION_FACTOR=3");
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
    }
  }

  private void insert(Sql sender) throws Exception {
    for (int i = 0; i < 20; i++, rows++) {
      for (int device = 0; device < DEVICES; device++) {
        sender.run(
            "insert into root.nodes.d" + device + "(timestamp,s) values(" + rows + "," + i + ")");
      }
    }
  }

  private void awaitAt(LocalNode receiver, Duration atMost) {
    await()
        .atMost(atMost)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = Sql.at(receiver)) {
                List<Integer> counts = new ArrayList<>();
                for (int device = 0; device < DEVICES; device++) {
                  counts.add(sql.table("select s from root.nodes.d" + device).rows().size());
                }
                assertThat(counts).containsOnly(rows);
              }
            });
  }

  /** The node that the edge's one region is fed to; it may be between two connections just now. */
  private static LocalNode fed(Sql sender) {
    return await()
        .atMost(GOES_ON_MAX)
        .until(
            () -> {
              String receiver = sender.table("SHOW PIPE p DETAILS").only("Receiver");
              return cloud.dataNodes().stream()
                  .filter(node -> receiver.equals("127.0.0.1:" + node.port("dn_rpc_port")))
                  .findFirst();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private static LocalNode another(LocalNode than) {
    return cloud.dataNodes().stream().filter(node -> node != than).findFirst().orElseThrow();
  }

  private static void awaitNormal(Sql sender) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo("NORMAL");
              assertThat(sender.table("SHOW PIPE p DETAILS").only("BytesLeft")).isEqualTo("0");
            });
  }

  @Test
  void theFeedGoesOnThroughAnotherNodeWhenItsOwnDiesOrHangs() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      insert(sender);
      awaitAt(cloud.dataNodes().get(0), PATIENCE);
      awaitNormal(sender);

      LocalNode killed = fed(sender);
      killed.kill9();
      insert(sender);
      awaitAt(another(killed), GOES_ON_MAX);
      killed.start();

      LocalNode paused = fed(sender);
      paused.pause();
      insert(sender);
      awaitAt(another(paused), GOES_ON_MAX);
      assertThat(fed(sender)).isNotSameAs(paused);
      paused.resume();

      insert(sender);
      awaitAt(paused, PATIENCE);
      awaitNormal(sender);
    }
  }
}
