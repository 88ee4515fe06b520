package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.WrittenPipeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no careful person would type: it works, or the answer says clearly why not. */
class BadInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CLIENTS = 4;
  private static final int MANY = 1_000;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = CLUSTERS.named("bad").start(1, 1);
    try (Sql sql = sql()) {
      sql.run("CREATE PIPESINK kept AS IoTDB (ip='127.0.0.1',port=1)");
    }
  }

  private static LocalNode node() {
    return cluster.dataNodes().get(0);
  }

  private static Sql sql() throws Exception {
    return Sql.at(node());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE PIPESINK half AS IoTDB ( ip = '127.0.0.1' , port = 6667 ) extra",
        "CREATE PIPE half TO nosink FROM ( select ** from root where time >= 5 ) WITH SyncDelOp = true extra",
        "START PIPE half extra",
        "STOP PIPE half extra",
        "DROP PIPE half extra",
        "DROP PIPESINK half extra",
        "SHOW PIPESINK half extra",
        "SHOW PIPE half extra",
        "SHOW PIPESINKTYPE extra",
        "CREATE DATABASE root.half extra words",
        "REMOVE DATANODE 77 78 79",
        "MIGRATE REGION 1 FROM 2 TO 3 4",
        "insert into root.half.d ( timestamp , s ) values ( 1 , 2 ) extra",
        "select s from root.half.d where time > 3 extra words"
      })
  void aStatementCutAfterAnyWordIsRefusedAndTheSessionLives(String whole) throws Exception {
    String[] words = whole.split(" ");
    try (Sql sql = sql()) {
      for (int count = 1; count <= words.length; count++) {
        String cut = String.join(" ", List.of(words).subList(0, count));
        for (String text : List.of(cut, cut + " '", cut + " `", cut + " (", cut + " \u0000")) {
          try {
            sql.run(text);
          } catch (StatementExecutionException e) {
            assertThat(e.getStatusCode()).as("%s: %s", text, e.getMessage()).isPositive();
            assertThat(e.getMessage()).as(text).doesNotContain("Exception").hasSizeGreaterThan(8);
          }
        }
      }
      assertThat(sql.table("SHOW PIPESINK kept").rows()).hasSize(1);
      Sql.Table sinks = sql.table("SHOW PIPESINKS");
      if (sinks.rows().stream().anyMatch(row -> sinks.value(row, "Name").equals("half"))) {
        sql.run("DROP PIPESINK half");
      }
    }
  }

  @Test
  void quotedNamesComeBackAsTheyWere() throws Exception {
    for (String name :
        List.of(
            "plain",
            "with space",
            "`",
            "a`b``c",
            "'single' \"double\"",
            "semi;colon -- comment /* no */",
            "泵站",
            "Δοκιμή",
            "💧",
            "a\u0301",
            "select",
            "123",
            "a.b.*",
            "%s %n \\ \\n",
            "line\nbreak\tand tab",
            "x".repeat(10_000))) {
      String quoted = "`" + name.replace("`", "``") + "`";
      try (Sql sql = sql()) {
        sql.run(
            "CREATE PIPESINK " + quoted + " AS IoTDB (ip='127.0.0.1',port=1)",
            "CREATE PIPE " + quoted + " TO " + quoted,
            "START PIPE " + quoted);
        assertThat(sql.pipes()).isEqualTo(Map.of(name, "RUNNING"));
        assertThat(sql.table("SHOW PIPE " + quoted).only("Remote")).isEqualTo(name);
        assertThat(WrittenPipeTable.of(node()).statusByName()).containsEntry(name, "RUNNING");
        assertThat(sql.refusal("DROP PIPESINK " + quoted)).contains("[" + name + "]");
        sql.run("STOP PIPE " + quoted, "DROP PIPE " + quoted, "DROP PIPESINK " + quoted);
        assertThat(sql.pipes()).isEmpty();
      }
    }
  }

  @Test
  void namesThatCannotBeAreRefusedBriefly() throws Exception {
    try (Sql sql = sql()) {
      for (String name :
          List.of(
              "``", "`", "a b", "a-b", "'a'", "\"a\"", "泵 站", "", "`" + "x".repeat(70_000) + "`")) {
        assertThat(sql.refusal("CREATE PIPESINK " + name + " AS IoTDB (ip='127.0.0.1',port=1)"))
            .as("%.40s", name)
            .hasSizeBetween(10, 2_000);
        assertThat(sql.refusal("CREATE PIPE " + name + " TO kept"))
            .as("%.40s", name)
            .hasSizeBetween(10, 2_000);
      }
      assertThat(sql.pipes()).isEmpty();
    }
  }

  @Test
  void sinksThatLeadNowhereAreRefusedOrHarmless() throws Exception {
    try (Sql sql = sql()) {
      for (String attributes :
          List.of(
              "ip='127.0.0.1',port=0",
              "ip='127.0.0.1',port=65536",
              "ip='127.0.0.1',port=-1",
              "ip='127.0.0.1',port=99999999999999999999",
              "ip='127.0.0.1',port='x'",
              "port=1,port=2",
              "no_such_key='1'",
              "ip=''")) {
        assertThat(sql.refusal("CREATE PIPESINK wrong AS IoTDB (" + attributes + ")"))
            .as(attributes)
            .hasSizeBetween(10, 2_000);
      }
      assertThat(sql.table("SHOW PIPESINK").rows()).hasSize(1);
    }
  }

  private interface Numbered {
    void run(Sql sql, int number) throws Exception;
  }

  private static void times(int count, Numbered work) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<Void>> parts = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int first = client;
        parts.add(
            clients.submit(
                () -> {
                  try (Sql sql = sql()) {
                    for (int number = first; number < count; number += CLIENTS) {
                      work.run(sql, number);
                    }
                  }
                  return null;
                }));
      }
      for (Future<Void> part : parts) {
        part.get();
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + node().pid() + "/fd"))) {
      return open.count();
    }
  }

  private static long threads() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + node().pid() + "/task"))) {
      return all.count();
    }
  }

  @Test
  void aThousandPipesAndSinksCanComeAndGo() throws Exception {
    times(
        MANY,
        (sql, number) ->
            sql.run(
                "CREATE PIPESINK s" + number + " AS IoTDB (ip='127.0.0.1',port=1)",
                "CREATE PIPE p" + number + " TO s" + number));
    try (Sql sql = sql()) {
      long startedNs = System.nanoTime();
      assertThat(sql.table("SHOW PIPES").rows()).hasSize(MANY);
      assertThat(sql.table("SHOW PIPESINKS").rows()).hasSize(MANY + 1);
      assertThat((System.nanoTime() - startedNs) / 1_000_000).as("ms").isLessThan(10_000);
    }
    times(MANY, (sql, number) -> sql.run("DROP PIPE p" + number, "DROP PIPESINK s" + number));
    try (Sql sql = sql()) {
      assertThat(sql.pipes()).isEmpty();
      assertThat(sql.table("SHOW PIPESINKS").rows()).hasSize(1);
    }
  }

  @Test
  void aThousandCyclesLeaveNothingBehind() throws Exception {
    try (Sql sql = sql()) {
      sql.run("insert into root.cycles.d(timestamp,s) values(1,1)");
      for (int number = 0; number < CLIENTS; number++) {
        sql.run("CREATE PIPE c TO kept", "START PIPE c", "DROP PIPE c");
      }
    }
    long openFilesBefore = openFiles();
    long threadsBefore = threads();
    times(
        MANY,
        (sql, number) -> sql.run("CREATE PIPE c" + number + " TO kept", "DROP PIPE c" + number));
    try (Sql sql = sql()) {
      assertThat(sql.pipes()).isEmpty();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(WrittenPipeTable.of(node()).statusByName())
                      .as("dropped pipes go with the next table")
                      .isEmpty());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(openFiles()).isLessThanOrEqualTo(openFilesBefore + CLIENTS + 4);
                assertThat(threads()).isLessThanOrEqualTo(threadsBefore + CLIENTS + 8);
              });
      assertThat(sql.table("select s from root.cycles.d").rows()).hasSize(1);
    }
  }
}
