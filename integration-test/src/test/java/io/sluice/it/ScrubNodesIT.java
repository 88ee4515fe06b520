package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * SCRUB REGIONS among three DataNodes that hold three replicas of each region: bytes flip at one of
 * them, and nodes are killed while it is repaired.
 */
class ScrubNodesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int DEVICES = 12;

  /** Large enough for a copy to take a while. */
  private static final int TEXT_CHARS = 300_000;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        CLUSTERS.named(
            "scrubbed", Map.of("data_replication_factor", "3", "dn_scrub_interval_in_ms", "0"));
    cluster.addConfigNode().start();
    for (int i = 0; i < 3; i++) {
      cluster.addDataNode().begin();
    }
    for (LocalNode node : cluster.dataNodes()) {
      node.awaitReady();
    }
    try (Sql sql = Sql.at(node(0))) {
      sql.run("CREATE DATABASE root.s");
      for (int device = 0; device < DEVICES; device++) {
        insert(sql, device);
      }
      sql.run("flush");
    }
    awaitEqualFiles();
  }

  private static LocalNode node(int number) {
    return cluster.dataNodes().get(number);
  }

  private static String text(int device) {
    Random random = new Random(device);
    StringBuilder text = new StringBuilder();
    random.ints(TEXT_CHARS, '0', 'z').forEach(one -> text.append((char) one));
    return text.toString();
  }

  private static void insert(Sql sql, int device) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                sql.session()
                    .insertRecord(
                        "root.s.d" + device,
                        device,
                        List.of("t"),
                        List.of(TSDataType.TEXT),
                        List.of(text(device))));
  }

  private static List<Path> sealed(LocalNode node) throws IOException {
    return LiveFiles.below(node.home()).stream()
        .filter(file -> file.toString().endsWith(".tsfile"))
        .filter(file -> file.getParent().endsWith("files"))
        .filter(file -> file.getParent().getParent().getParent().endsWith("regions"))
        .sorted()
        .toList();
  }

  /** Checksums of the node's sealed files, by region, whatever the files are called. */
  private static List<String> contents(LocalNode node) throws IOException {
    List<String> contents = new ArrayList<>();
    for (Path file : sealed(node)) {
      CRC32C crc = new CRC32C();
      crc.update(Files.readAllBytes(file));
      contents.add(file.getParent().getParent().getFileName() + " " + crc.getValue());
    }
    return contents.stream().sorted().toList();
  }

  private static void awaitEqualFiles() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              List<String> first = contents(node(0));
              assertThat(first).hasSizeGreaterThanOrEqualTo(3);
              assertThat(contents(node(1))).isEqualTo(first);
              assertThat(contents(node(2))).isEqualTo(first);
            });
  }

  private static List<List<String>> ofFiles(Sql.Table table) {
    return table.rows().stream().filter(row -> table.value(row, "File") != null).toList();
  }

  private static List<String> results(Sql.Table table) {
    return table.rows().stream().map(row -> table.value(row, "Result")).distinct().toList();
  }

  private static void assertEveryRowIsRight() throws Exception {
    for (LocalNode node : cluster.dataNodes()) {
      try (Sql sql = Sql.at(node)) {
        for (int device = 0; device < DEVICES; device++) {
          assertThat(sql.table("select t from root.s.d" + device).rows())
              .containsExactly(List.of(Integer.toString(device), text(device)));
        }
      }
    }
  }

  @Test
  void aByteThatFlipsIsNamedAndTheFileHadFromAnotherReplica() throws Exception {
    try (Sql sql = Sql.at(node(0))) {
      assertThat(results(sql.table("SCRUB REGIONS"))).containsExactly("WHOLE");
      Path rotten = sealed(node(2)).get(0);
      String name = rotten.toRealPath().toString();
      Rot.flipBit(rotten);
      Sql.Table found = sql.table("SCRUB REGIONS");
      assertThat(ofFiles(found)).hasSize(1);
      List<String> row = ofFiles(found).get(0);
      assertThat(found.value(row, "File")).isEqualTo(name);
      assertThat(found.value(row, "DataNodeId"))
          .isEqualTo(Integer.toString(Members.id(sql, node(2))));
      assertThat(found.value(row, "Result")).isEqualTo("REPAIRED");
      assertThat(found.value(row, "Message")).contains("had from DataNode");
      assertThat(results(sql.table("SCRUB REGIONS"))).containsExactly("WHOLE");
    }
    awaitEqualFiles();
    assertEveryRowIsRight();
  }

  private static long named(LocalNode node) throws IOException {
    Path log = node.home().resolve("logs").resolve(node.role()).resolve("node.log");
    return Files.readString(log).lines().filter(line -> line.contains("given to nobody")).count();
  }

  /** The node whose files are rotten; then, one after another, those that can give them. */
  @Test
  void whoeverIsKilledMeanwhileTheFilesAreRepairedInTheEnd() throws Exception {
    for (int killed : List.of(2, 0, 1)) {
      LocalNode asked = node(killed == 2 ? 0 : 2);
      long before = named(node(2));
      for (Path file : sealed(node(2))) {
        Rot.flipBit(file);
      }
      try (Repeated scrub = Repeated.start("SCRUB REGIONS", asked)) {
        await().atMost(PATIENCE).until(() -> named(node(2)) > before);
        node(killed).kill9();
        scrub.awaitAnswered(0, PATIENCE);
        node(killed).start();
        scrub.finish(
            PATIENCE,
            table ->
                assertThat(results(table))
                    .isSubsetOf("WHOLE", "REPAIRED", "DAMAGED", "NOT CHECKED"));
      }
      try (Sql sql = Sql.at(asked)) {
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .untilAsserted(
                () -> assertThat(results(sql.table("SCRUB REGIONS"))).containsExactly("WHOLE"));
      }
      awaitEqualFiles();
    }
    assertEveryRowIsRight();
  }
}
