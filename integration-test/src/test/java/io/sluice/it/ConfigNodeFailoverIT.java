package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three ConfigNodes of which the leading one ends as in a power cut. */
class ConfigNodeFailoverIT {
  private static final Duration FAILOVER_MAX = Duration.ofSeconds(60);

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = CLUSTERS.named("three").start(3, 1);
  }

  @Test
  void metadataSurvivesTheLeaderAndStatementsGoOn() throws Exception {
    try (Sql sql = Sql.at(cluster.clientPort(0))) {
      sql.run(
          "CREATE DATABASE root.before",
          "insert into root.before.d(timestamp,s) values(1,1)",
          "CREATE PIPESINK kept AS IoTDB (ip='127.0.0.1',port=1)");
      LocalNode leader = Members.leader(cluster, sql);
      leader.kill9();

      await()
          .atMost(FAILOVER_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(sql.table("SHOW DATABASES root.before").rows()).hasSize(1));
      sql.run("insert into root.after.d(timestamp,s) values(1,1)");
      assertThat(sql.table("select s from root.after.d").rows()).hasSize(1);
      assertThat(sql.table("select s from root.before.d").rows()).hasSize(1);
      assertThat(sql.table("SHOW PIPESINK kept").rows()).hasSize(1);
      assertThat(Members.leader(cluster, sql)).isNotSameAs(leader);

      leader.start();
      await()
          .atMost(FAILOVER_MAX)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                Sql.Table nodes = sql.table("SHOW CONFIGNODES");
                assertThat(nodes.rows()).hasSize(3);
                assertThat(nodes.rows())
                    .allSatisfy(row -> assertThat(nodes.value(row, "Status")).isEqualTo("Running"));
              });
    }
  }
}
