package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * VERIFY PIPE and REPAIR PIPE between two clusters of three DataNodes, with three regions of three
 * replicas on either side, while rows are written: all at rest, then with leaders that are killed
 * while statements run.
 */
@Tag("long")
class VerifyNodesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  /** Of one statement: it waits for its pipe a minute, twice for each of three regions, at most. */
  private static final Duration STATEMENT_MAX = Duration.ofSeconds(360);

  /** Enough for every region to have some. */
  private static final int DEVICES = 6;

  private static final int ROWS = 40;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> thrice = Map.of("data_replication_factor", "3");
    edge = CLUSTERS.named("edge", thrice);
    cloud = CLUSTERS.named("cloud", thrice);
    for (LocalCluster cluster : List.of(edge, cloud)) {
      cluster.addConfigNode().start();
    }
    for (LocalCluster cluster : List.of(edge, cloud)) {
      for (int i = 0; i < 3; i++) {
        cluster.addDataNode().begin();
      }
    }
    for (LocalCluster cluster : List.of(edge, cloud)) {
      for (LocalNode node : cluster.dataNodes()) {
        node.awaitReady();
      }
    }
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      sender.run("CREATE DATABASE root.plant");
      awaitALeaderOnEachNode(edge);
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
      for (int device = 0; device < DEVICES; device++) {
        String rows =
            IntStream.rangeClosed(1, ROWS)
                .mapToObj(time -> "(" + time + "," + time + ")")
                .collect(Collectors.joining(","));
        sender.run("insert into root.plant.d" + device + "(timestamp,s) values" + rows);
      }
    }
    awaitALeaderOnEachNode(cloud);
  }

  /** How often each node of the cluster leads a region. */
  private static void awaitALeaderOnEachNode(LocalCluster cluster) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = Sql.at(cluster.clientPort(0))) {
                assertThat(
                        Members.replicas(sql, "root.plant").stream()
                            .filter(Members.Replica::leads)
                            .map(Members.Replica::node)
                            .distinct())
                    .hasSize(3);
              }
            });
  }

  /** The answer, if need be of a later run: leaders may still change after a node has come back. */
  private static Sql.Table answered(Sql sql, String statement) {
    return await()
        .atMost(PATIENCE)
        .ignoreException(StatementExecutionException.class)
        .until(() -> sql.table(statement), table -> true);
  }

  private static String device(int number) {
    return "root.plant.d" + number;
  }

  /** Of each device one row is changed, one deleted and one added at the cloud. */
  private static List<Found> damage(int time) throws Exception {
    List<Found> made = new ArrayList<>();
    try (Sql receiver = Sql.at(cloud.clientPort(1))) {
      for (int number = 0; number < DEVICES; number++) {
        String device = device(number);
        int extra = ROWS + 1 + time;
        receiver.run(
            "insert into %s(timestamp,s) values(%d,-1),(%d,-1)".formatted(device, time, extra),
            "delete from %s.* where time = %d".formatted(device, time + 2));
        made.add(new Found(device, time, 0, 1, 0));
        made.add(new Found(device, time + 2, 1, 0, 0));
        made.add(new Found(device, extra, 0, 0, 1));
      }
    }
    return made;
  }

  /** A row of VERIFY PIPE that names a difference. */
  private record Found(String device, long time, int missing, int changed, int extra) {
    boolean mendable() {
      return extra == 0;
    }
  }

  private static List<Found> found(Sql.Table table) {
    return table.rows().stream()
        .filter(row -> table.value(row, "Device") != null)
        .map(
            row -> {
              assertThat(table.value(row, "To")).isEqualTo(table.value(row, "From"));
              return new Found(
                  table.value(row, "Device"),
                  OffsetDateTime.parse(table.value(row, "From") + "+08:00")
                      .toInstant()
                      .toEpochMilli(),
                  Integer.parseInt(table.value(row, "Missing")),
                  Integer.parseInt(table.value(row, "Changed")),
                  Integer.parseInt(table.value(row, "Extra")));
            })
        .toList();
  }

  private static TreeSet<String> regions(Sql.Table table) {
    return table.rows().stream()
        .filter(row -> table.value(row, "Device") != null)
        .map(row -> table.value(row, "Region"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void removeExtra(List<Found> made) throws Exception {
    try (Sql receiver = Sql.at(cloud.clientPort(1))) {
      for (Found each : made) {
        if (!each.mendable()) {
          receiver.run("delete from " + each.device() + ".* where time = " + each.time());
        }
      }
    }
  }

  private static void assertEqualRows() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(1));
        Sql receiver = Sql.at(cloud.clientPort(1))) {
      for (int device = 0; device < DEVICES; device++) {
        String query = "select s from " + device(device);
        assertThat(receiver.table(query).rows()).isEqualTo(sender.table(query).rows());
      }
    }
  }

  @Test
  void whatDiffersInRegionsOfDifferentLeadersIsNamedAndMended() throws Exception {
    for (LocalCluster side : List.of(edge, cloud)) {
      awaitALeaderOnEachNode(side);
    }
    try (Sql sender = Sql.at(edge.clientPort(0))) {
      Sql.Table equal = sender.table("VERIFY PIPE p");
      assertThat(found(equal)).as("%s", equal).isEmpty();
      assertThat(equal.rows()).hasSize(3);

      List<Found> made = damage(7);
      Sql.Table table = sender.table("VERIFY PIPE p");
      assertThat(found(table)).containsExactlyInAnyOrderElementsOf(made);
      assertThat(regions(table)).hasSize(3);
      sender.table("REPAIR PIPE p");
      assertThat(found(sender.table("VERIFY PIPE p")))
          .containsExactlyInAnyOrderElementsOf(
              made.stream().filter(each -> !each.mendable()).toList());
      removeExtra(made);
      assertThat(found(sender.table("VERIFY PIPE p"))).isEmpty();
      assertEqualRows();
    }
  }

  /** Edge 2 and the cloud's node behind the sink lead a region each; edge 0 is asked. */
  @Test
  void aLeaderThatIsKilledMeanwhileNeitherHidesNorInventsADifference() throws Exception {
    LocalNode asked = edge.dataNodes().get(0);
    try (AcknowledgedRows rows =
        AcknowledgedRows.start("root.plant.w", List.of(asked, edge.dataNodes().get(1)))) {
      for (LocalCluster side : List.of(edge, cloud)) {
        awaitALeaderOnEachNode(side);
        LocalNode killed = side == edge ? edge.dataNodes().get(2) : cloud.dataNodes().get(0);
        verifiedWhileKilled(asked, killed);
        awaitALeaderOnEachNode(side);
        repairedWhileKilled(asked, killed);
      }
      rows.finish();
      try (Sql sender = Sql.at(asked);
          Sql receiver = Sql.at(cloud.clientPort(1))) {
        assertThat(found(answered(sender, "VERIFY PIPE p"))).isEmpty();
        rows.assertThere(sender);
        rows.assertThere(receiver);
      }
    }
    assertEqualRows();
  }

  private static void verifiedWhileKilled(LocalNode asked, LocalNode killed) throws Exception {
    List<Found> made = damage(11);
    try (Repeated verify = Repeated.start("VERIFY PIPE p", asked)) {
      verify.awaitAnswered(0, PATIENCE);
      killed.kill9();
      verify.awaitAnswered(1, PATIENCE);
      killed.start();
      verify.finish(
          STATEMENT_MAX,
          table -> assertThat(found(table)).containsExactlyInAnyOrderElementsOf(made));
    }
  }

  /** What the time before has left is mended. */
  private static void repairedWhileKilled(LocalNode asked, LocalNode killed) throws Exception {
    List<Found> made = damage(11);
    try (Repeated repair = Repeated.start("REPAIR PIPE p", asked);
        Sql sender = Sql.at(asked)) {
      killed.kill9();
      repair.awaitAnswered(1, PATIENCE);
      killed.start();
      repair.finish(STATEMENT_MAX, table -> assertThat(made).containsAll(found(table)));
      List<Found> extra = made.stream().filter(each -> !each.mendable()).toList();
      assertThat(found(answered(sender, "VERIFY PIPE p")))
          .containsExactlyInAnyOrderElementsOf(extra);
      removeExtra(extra);
      assertThat(found(answered(sender, "VERIFY PIPE p"))).isEmpty();
    }
  }
}
