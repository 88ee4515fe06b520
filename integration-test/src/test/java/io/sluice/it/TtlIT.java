package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.common.time.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A TTL of the edge: what it hides, what a pipe sends then, and what the cloud keeps. */
class TtlIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long HOUR_MS = 3_600_000;
  private static final int ROWS = 10;
  private static final String ALL = "select s from root.ttl.d";

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster edge;
  private static LocalCluster cloud;

  @BeforeAll
  static void start() throws Exception {
    edge = CLUSTERS.named("edge").start(1, 2);
    cloud = CLUSTERS.named("cloud").start(1, 1);
  }

  private static List<List<String>> insert(Sql sender, long firstMs) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      long timeMs = firstMs + i;
      sender.run("insert into root.ttl.d(timestamp,s) values(" + timeMs + "," + i + ")");
      rows.add(List.of(Long.toString(timeMs), i + ".0"));
    }
    return rows;
  }

  private static void awaitRows(Sql at, List<List<String>> expected) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(at.table(ALL).rows()).isEqualTo(expected));
  }

  @Test
  void theCloudGetsWhatHasNotExpiredAndAllLaterWritesAndNoTtl() throws Exception {
    try (Sql sender = Sql.at(edge.clientPort(0));
        Sql second = Sql.at(edge.clientPort(1));
        Sql receiver = Sql.at(cloud.clientPort(0))) {
      long aMinuteAgoMs = WallClock.SYSTEM.nowMs() - 60_000;
      insert(sender, aMinuteAgoMs - 30 * HOUR_MS);
      sender.run("flush");
      insert(sender, aMinuteAgoMs - 25 * HOUR_MS);
      List<List<String>> kept = insert(sender, aMinuteAgoMs);
      sender.run("flush", "SET TTL TO root.ttl " + 24 * HOUR_MS);
      Sql.Table ttls = sender.table("SHOW ALL TTL");
      assertThat(ttls.columns()).containsExactly("Database", "TTL");
      assertThat(ttls.rows()).containsExactly(List.of("root.ttl", "86400000"));
      awaitRows(sender, kept);
      awaitRows(second, kept);

      sender.run(
          "CREATE PIPESINK cloud AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")",
          "CREATE PIPE p TO cloud",
          "START PIPE p");
      awaitRows(receiver, kept);
      kept.addAll(insert(second, aMinuteAgoMs + 1_000));
      awaitRows(receiver, kept);
      awaitNothingLeft(sender);
      assertThat(receiver.table("select count(s) from root.ttl.d").rows().get(0))
          .containsExactly("20");
      Sql.Table atCloud = receiver.table("SHOW ALL TTL");
      assertThat(atCloud.rows()).hasSize(1);
      assertThat(atCloud.only("Database")).isEqualTo("root.ttl");
      assertThat(atCloud.only("TTL")).as("the edge's TTL is not the cloud's").isNull();

      sender.run("UNSET TTL TO root.ttl");
      assertThat(sender.table("SHOW TTL ON root.ttl").only("TTL")).isNull();
    }
  }

  private static void awaitNothingLeft(Sql sender) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo("NORMAL");
              Sql.Table details = sender.table("SHOW PIPE p DETAILS");
              assertThat(details.rows())
                  .isNotEmpty()
                  .allMatch(row -> details.value(row, "BytesLeft").equals("0"));
            });
  }
}
