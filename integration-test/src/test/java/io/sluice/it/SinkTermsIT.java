package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sink's user, compression and limit, changed while its pipe runs. */
class SinkTermsIT {
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(60);
  private static final String SECRET = "battery-staple-9";

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 1);
    cloud = CLUSTERS.named("cloud").start(1, 1);
  }

  private static void soon(ThrowingRunnable check) {
    await().atMost(HEARD_WITHIN).ignoreExceptions().untilAsserted(check);
  }

  private static void shows(Sql sender, String message, String cause) {
    soon(
        () -> {
          assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo(message);
          assertThat(sender.table("SHOW PIPE p DETAILS").rows().toString()).contains(cause);
        });
  }

  private static void arrived(Sql receiver, int rows) {
    soon(() -> assertThat(receiver.table("select s from root.db.d").rows()).hasSize(rows));
  }

  @Test
  void whoMustShowAPasswordIsLetInOnceItIsRight() throws Exception {
    cloud.dataNodes().get(0).set("sync_require_credentials", "true");
    try (Sql sender = Sql.at(edge.clientPort(0));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      receiver.run("CREATE USER edge '" + SECRET + "'", "LOAD CONFIGURATION ON CLUSTER");
      sender.run(
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO s",
          "START PIPE p",
          "insert into root.db.d(timestamp,s) values(1,1)");
      shows(sender, "ERROR", "sync_require_credentials=true");

      sender.run("ALTER PIPESINK s (user='edge', password='guess')");
      shows(sender, "ERROR", "wrong user name or password");

      sender.run("ALTER PIPESINK s (user='edge', password='" + SECRET + "', compression='zstd')");
      arrived(receiver, 1);
      shows(sender, "NORMAL", "");
      assertThat(sender.table("SHOW PIPESINK s").rows())
          .containsExactly(
              List.of(
                  "s",
                  "IoTDB",
                  "ip='127.0.0.1',port=%d,user='edge',compression='zstd'"
                      .formatted(cloud.clientPort(0))));

      receiver.run("DROP USER edge");
      shows(sender, "ERROR", "user 'edge'");
      sender.run("insert into root.db.d(timestamp,s) values(2,2)");
      receiver.run("CREATE USER edge '" + SECRET + "'");
      arrived(receiver, 2);
      shows(sender, "NORMAL", "");
    }
    assertThat(StoredText.filesWith(CLUSTERS.folder(), SECRET)).isEmpty();
  }
}
