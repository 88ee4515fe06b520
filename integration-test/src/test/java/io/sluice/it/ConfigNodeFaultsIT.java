package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.WrittenPipeTable;
import io.sluice.cli.proxy.ProxyNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three ConfigNodes of which the leading one dies, hangs, or is cut off. */
class ConfigNodeFaultsIT {
  private static final Duration FAILOVER_MAX = Duration.ofSeconds(90);
  private static final int PIPE_ERROR = 1107;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;
  private static ProxyNetwork network;
  private static int named;

  @BeforeAll
  static void start() throws Exception {
    network = CLUSTERS.network();
    cluster = CLUSTERS.apart("three", Map.of()).start(3, 2);
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=1)");
    }
  }

  private static LocalNode node(int number) {
    return cluster.dataNodes().get(number);
  }

  enum Fault {
    KILLED {
      @Override
      void strike(LocalNode leader) throws Exception {
        leader.kill9();
      }
    },
    HANGING {
      @Override
      void strike(LocalNode leader) throws Exception {
        leader.pause();
      }
    },
    CUT_OFF {
      @Override
      void strike(LocalNode leader) throws Exception {
        network.part(List.of(leader), cluster.nodes());
      }
    },
    CUT_OFF_WITH_A_DATA_NODE {
      @Override
      void strike(LocalNode leader) throws Exception {
        List<LocalNode> others = new ArrayList<>(cluster.nodes());
        others.removeAll(List.of(leader, node(0)));
        network.part(List.of(leader, node(0)), others);
      }
    };

    abstract void strike(LocalNode leader) throws Exception;
  }

  @AfterEach
  void mend() throws Exception {
    network.heal();
    for (LocalNode each : cluster.nodes()) {
      if (!each.alive()) {
        each.start();
      }
      each.resume();
    }
    await()
        .atMost(FAILOVER_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (Sql sql = Sql.at(node(0))) {
                for (LocalNode each : cluster.nodes()) {
                  assertThat(Members.status(sql, each)).isEqualTo("Running");
                }
              }
            });
  }

  /** What became of statements: each is in one of the sets, or nobody knows. */
  private static final class Answers {
    final Set<String> done = new TreeSet<>();
    final Map<String, String> refused = new TreeMap<>();

    /** Makes a pipe of a new name; says whether that was done. */
    boolean create(LocalNode at) {
      String name = "p" + named++;
      try (Sql sql = Sql.at(at)) {
        try {
          sql.run("CREATE PIPE " + name + " TO s");
          done.add(name);
          return true;
        } catch (StatementExecutionException e) {
          if (e.getStatusCode() == PIPE_ERROR) {
            refused.put(name, e.getMessage());
          }
          return false;
        }
      } catch (IoTDBConnectionException e) {
        return false;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyAnswerIsTrueWhileTheLeaderIs(Fault fault) throws Exception {
    Answers answers = new Answers();
    LocalNode leader;
    try (Sql sql = Sql.at(node(1))) {
      await().atMost(FAILOVER_MAX).until(() -> answers.create(node(1)));
      leader = Members.leader(cluster, sql);
    }
    fault.strike(leader);
    await().atMost(FAILOVER_MAX).until(() -> answers.create(node(1)));
    try (Sql sql = Sql.at(node(1))) {
      assertThat(sql.pipes().keySet()).containsAll(answers.done);
    }
    mend();
    await().atMost(FAILOVER_MAX).until(() -> answers.create(node(0)));
    await()
        .atMost(FAILOVER_MAX)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              for (LocalNode each : cluster.dataNodes()) {
                try (Sql sql = Sql.at(each)) {
                  Map<String, String> shown = sql.pipes();
                  assertThat(shown.keySet()).containsAll(answers.done);
                  Map<String, String> untrue = new TreeMap<>(answers.refused);
                  untrue.keySet().retainAll(shown.keySet());
                  assertThat(untrue).as("refused, and yet made").isEmpty();
                  for (LocalNode other : cluster.dataNodes()) {
                    assertThat(WrittenPipeTable.of(other).statusByName()).isEqualTo(shown);
                  }
                }
              }
            });
  }
}
