package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A byte flips in a file of a receiver with one replica, which is killed before and after. */
class RottenFileIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROWS = 300;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static EdgeAndCloud both;

  @BeforeAll
  static void start() throws Exception {
    both = EdgeAndCloud.start(CLUSTERS);
  }

  /** The largest file that came through a pipe. */
  private static Path loadedFile(LocalNode node) throws IOException {
    return LiveFiles.below(node.home()).stream()
        .filter(file -> file.toString().endsWith(".loaded.tsfile"))
        .filter(file -> file.getParent().endsWith("files"))
        .max((one, other) -> Long.compare(one.toFile().length(), other.toFile().length()))
        .orElseThrow();
  }

  private static void killAndStart(LocalNode node) throws Exception {
    node.kill9();
    node.start();
  }

  private static List<List<String>> rows(int port) throws Exception {
    try (Sql sql = Sql.at(port)) {
      return sql.table("select s0,s1 from root.db.d").rows();
    }
  }

  private static List<String> damaged(int port) throws Exception {
    try (Sql sql = Sql.at(port)) {
      Sql.Table table = sql.table("SCRUB REGIONS");
      return table.rows().stream()
          .filter(row -> table.value(row, "File") != null)
          .map(row -> table.value(row, "File") + " " + table.value(row, "Result"))
          .toList();
    }
  }

  @Test
  void itIsHadFromTheSenderAndNothingOfTheReceiversOwnIsUndone() throws Exception {
    LocalNode receiving = both.cloud().dataNodes().get(0);
    int port = both.cloud().clientPort(0);
    try (Sql sender = both.atEdge()) {
      for (int time = 1; time <= ROWS; time++) {
        sender.run(
            "insert into root.db.d(timestamp,s0,s1) values(%d,%d,'x%d')"
                .formatted(time * 1_000, time, time));
      }
      sender.run(
          "FLUSH",
          "CREATE PIPESINK s AS IoTDB (ip='127.0.0.1',port=" + port + ")",
          "CREATE PIPE p TO s",
          "START PIPE p");
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(rows(port)).hasSize(ROWS));
      try (Sql receiver = Sql.at(port)) {
        receiver.run(
            "insert into root.db.d(timestamp,s0) values(100000,-1)",
            "delete from root.db.d.* where time = 200000",
            "FLUSH");
      }
      List<List<String>> before = rows(port);
      assertThat(before).hasSize(ROWS - 1).isNotEqualTo(rows(both.edge().clientPort(0)));

      Path rotten = loadedFile(receiving);
      Rot.flipBit(rotten);
      killAndStart(receiving);
      assertThat(damaged(port)).containsExactly(rotten.toRealPath() + " DAMAGED");
      try (Sql receiver = Sql.at(port)) {
        assertThat(receiver.refusal("select s0 from root.db.d"))
            .contains(rotten.getFileName().toString());
      }
      assertThat(sender.table("VERIFY PIPE p").rows().toString()).contains("1 rotten file(s)");
      assertThat(sender.table("REPAIR PIPE p").rows().toString())
          .contains("have taken the place of rotten file")
          .contains(rotten.getFileName().toString());
      killAndStart(receiving);
      assertThat(rows(port)).isEqualTo(before);
      assertThat(damaged(port)).isEmpty();
      assertThat(rotten).doesNotExist();
      Path kept = rotten.getParent().resolveSibling("rotten").resolve(rotten.getFileName());
      assertThat(kept).exists();
    }
  }
}
