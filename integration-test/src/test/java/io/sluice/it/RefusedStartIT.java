package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that must not start say why in one line; garbage on a port costs that connection. */
class RefusedStartIT {
  private static final int ANSWER_MS_MAX = 10_000;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster one;
  private static LocalCluster other;

  @BeforeAll
  static void start() throws Exception {
    one = CLUSTERS.named("one").start(1, 1);
    other = CLUSTERS.named("other").start(1, 0);
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    int taken = one.clientPort(0);
    LocalNode second = one.addDataNode();
    second.set("dn_rpc_port", Integer.toString(taken));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(second::start)
        .withMessageContaining("sluice: cannot start: ")
        .withMessageContaining(Integer.toString(taken));
    assertThat(Files.readString(log(second)))
        .as("one line is enough for the operator")
        .contains("cannot start: dn_rpc_port=" + taken)
        .doesNotContain("\tat ");
  }

  @Test
  void aMalformedWhiteListIsNamedOnce() throws Exception {
    LocalNode node = other.addDataNode();
    node.set("ip_white_list", "10.0.0.0/99");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(node::start)
        .withMessageContaining("cannot start: ip_white_list: '10.0.0.0/99' has no prefix length");
  }

  private static Path log(LocalNode node) throws IOException {
    try (Stream<Path> files = Files.walk(node.home())) {
      return files
          .filter(file -> file.getFileName().toString().equals("node.log"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aFolderOfAnotherClusterIsRefusedAndStaysUsable() throws Exception {
    LocalNode node = one.addDataNode();
    node.start();
    node.stop();
    String own = "127.0.0.1:" + one.configNodes().get(0).port("cn_internal_port");
    String foreign = "127.0.0.1:" + other.configNodes().get(0).port("cn_internal_port");
    node.set("dn_target_config_node_list", foreign);
    node.set("cluster_name", "other");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(node::start)
        .withMessageContaining("sluice: cannot start: ")
        .withMessageContaining("belongs to cluster");
    node.set("dn_target_config_node_list", own);
    node.set("cluster_name", "one");
    node.start();
  }

  @Test
  void aCopyOfALivingNodesFolderIsRefused() throws Exception {
    LocalNode living = one.dataNodes().get(0);
    LocalNode copy = one.addDataNode();
    copyFolder(living.home().resolve("data"), copy.home().resolve("data"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(copy::start)
        .withMessageContaining("sluice: cannot start: ");
    try (Sql sql = Sql.at(living)) {
      sql.run("insert into root.copied.d(timestamp,s) values(1,1)");
      assertThat(sql.table("select s from root.copied.d").rows()).hasSize(1);
      assertThat(Members.status(sql, living)).isEqualTo("Running");
    }
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    for (Path each : LiveFiles.below(from)) {
      Path target = to.resolve(from.relativize(each).toString());
      Files.createDirectories(target.getParent());
      try {
        Files.copy(each, target);
      } catch (NoSuchFileException e) {
        continue; // replaced meanwhile by the node that lives
      }
    }
  }

  @Test
  void aDamagedManifestIsNamedAndKept() throws Exception {
    LocalNode node = one.addDataNode();
    node.start();
    try (Sql sql = Sql.at(node.port("dn_rpc_port"))) {
      for (int device = 0; device < 20; device++) {
        sql.run("insert into root.damaged.d" + device + "(timestamp,s) values(1,1)");
      }
      sql.run("flush");
    }
    node.stop();
    Path manifest;
    try (Stream<Path> files = Files.walk(node.home())) {
      manifest =
          files
              .filter(file -> file.getFileName().toString().startsWith("manifest"))
              .filter(Files::isRegularFile)
              .findFirst()
              .orElseThrow();
    }
    byte[] whole = Files.readAllBytes(manifest);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 0x40;
    Files.write(manifest, damaged);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(node::start)
        .withMessageContaining("sluice: cannot start: ")
        .withMessageContaining(manifest.getFileName().toString())
        .withMessageContaining("from a backup");
    assertThat(Files.readAllBytes(manifest)).as("kept as it is").isEqualTo(damaged);

    Files.write(manifest, whole);
    node.start();
    try (Sql sql = Sql.at(node.port("dn_rpc_port"))) {
      assertThat(sql.table("select count(s) from root.damaged.**").rows().get(0)).contains("1");
    }
  }

  @Test
  void garbageOnAnyPortCostsOnlyItsConnection() throws Exception {
    LocalNode configNode = one.configNodes().get(0);
    LocalNode dataNode = one.dataNodes().get(0);
    List<Integer> ports =
        List.of(
            dataNode.port("dn_rpc_port"),
            dataNode.port("dn_internal_port"),
            dataNode.port("dn_data_region_consensus_port"),
            dataNode.port("dn_metric_prometheus_reporter_port"),
            configNode.port("cn_internal_port"),
            configNode.port("cn_consensus_port"));
    for (int port : ports) {
      for (byte[] garbage :
          List.of(
              "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
              new byte[] {0x7f, -1, -1, -1, 0, 0},
              new byte[] {0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8},
              new byte[] {0x16, 3, 1, 2, 0, 1})) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
          socket.setSoTimeout(ANSWER_MS_MAX);
          socket.getOutputStream().write(garbage);
          socket.shutdownOutput();
          assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSizeLessThan(1 << 20);
        } catch (java.net.SocketException e) {
          assertThat(e).as("a reset is an end as well").isNotNull();
        }
      }
    }
    try (Sql sql = Sql.at(one.clientPort(0))) {
      sql.run("insert into root.garbage.d(timestamp,s) values(1,1)");
      assertThat(sql.table("select s from root.garbage.d").rows()).hasSize(1);
      assertThat(sql.table("SHOW CONFIGNODES").rows()).hasSize(1);
    }
  }
}
