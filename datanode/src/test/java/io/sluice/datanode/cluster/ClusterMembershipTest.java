package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterMembershipTest {
  @TempDir Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final FakeConfigNode configNode = new FakeConfigNode(UUID.randomUUID().toString());
  private Endpoint seed;

  @BeforeEach
  void serve() throws Exception {
    seed = serve(configNode);
  }

  private Endpoint serve(FakeConfigNode node) throws Exception {
    InternalServer server =
        new InternalServer("cn", "127.0.0.1", 0, new ConfigNodeService.Processor<>(node));
    open.push(server);
    server.start();
    return new Endpoint("127.0.0.1", server.port());
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private ClusterMembership.Joined join(Path data, Endpoint configNodeAt, int port)
      throws Exception {
    try (LeaderConfigNode client =
        new LeaderConfigNode(
            List.of(configNodeAt),
            new LeaderConfigNode.Options(2_000, 10_000, 10_000, 200, 200, 200, 20),
            MonotonicClock.SYSTEM)) {
      return new ClusterMembership(
              new ClusterMembership.Options(
                  data,
                  "test",
                  new Endpoint("127.0.0.1", port),
                  new Endpoint("127.0.0.1", port + 1),
                  new Endpoint("127.0.0.1", port + 2),
                  port * 7L,
                  20),
              client)
          .join();
    }
  }

  @Test
  void aRestartedNodeKeepsItsIdAndSaysWhereItIsNow() throws Exception {
    ClusterMembership.Joined other = join(folder.resolve("other"), seed, 100);
    ClusterMembership.Joined first = join(folder.resolve("mine"), seed, 200);
    ClusterMembership.Joined again = join(folder.resolve("mine"), seed, 300);

    assertThat(first.nodeId()).isNotEqualTo(other.nodeId());
    assertThat(again.nodeId()).isEqualTo(first.nodeId());
    assertThat(again.clusterId()).isEqualTo(first.clusterId());
    assertThat(again.catalog().getDataNodes())
        .filteredOn(node -> node.getId() == first.nodeId())
        .singleElement()
        .satisfies(node -> assertThat(node.getClient().getPort()).isEqualTo(300));
    assertThat(again.pipes()).isNotNull();
  }

  @Test
  void aFolderOfAnotherClusterIsRefused() throws Exception {
    join(folder, seed, 100);
    byte[] before = Files.readAllBytes(folder.resolve(MembershipFile.NAME));
    Endpoint elsewhere = serve(new FakeConfigNode(UUID.randomUUID().toString()));

    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> join(folder, elsewhere, 100))
        .withMessageContaining(configNode.catalogNow().getClusterId());
    assertThat(Files.readAllBytes(folder.resolve(MembershipFile.NAME))).isEqualTo(before);
  }

  @Test
  void anAnswerOfAnotherClusterIsRefusedEvenWhenItsConfigNodeDoesNotLook() throws Exception {
    new MembershipFile(folder).write(new MembershipFile.Membership(UUID.randomUUID(), 3));
    FakeConfigNode careless =
        new FakeConfigNode(UUID.randomUUID().toString()) {
          @Override
          public io.sluice.common.rpc.RegisterDataNodeResp registerDataNode(
              io.sluice.common.rpc.RegisterDataNodeReq req) {
            return super.registerDataNode(
                new io.sluice.common.rpc.RegisterDataNodeReq(
                    req.getClusterName(), req.getLocation()));
          }
        };
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> join(folder, serve(careless), 100))
        .withMessageContaining("start with another data folder");
  }

  @Test
  void aConfigNodeThatComesLateIsWaitedFor() throws Exception {
    configNode.leads = false;
    CompletableFuture<ClusterMembership.Joined> joining =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return join(folder, seed, 100);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    int oneCall = 20;
    Patience.await().until(() -> configNode.calls.get() > oneCall);
    configNode.leads = true;
    assertThat(joining.get().nodeId()).isEqualTo(1);
  }

  @Test
  void aDamagedMembershipFileStopsTheStartAndIsKept() throws Exception {
    join(folder, seed, 100);
    Path file = folder.resolve(MembershipFile.NAME);
    String text = Files.readString(file);
    for (String damaged :
        List.of(
            "",
            text.replace("node_id=1", "node_id=2"),
            text.substring(0, text.length() / 2),
            text + "node_id=9\n")) {
      Files.writeString(file, damaged);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> join(folder, seed, 100))
          .withMessageContaining(file + " is damaged");
      assertThat(file).hasContent(damaged);
    }
  }

  @Test
  void theFileLooksAsDocumented() throws Exception {
    UUID cluster = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    new MembershipFile(folder).write(new MembershipFile.Membership(cluster, 12));
    assertThat(folder.resolve(MembershipFile.NAME))
        .hasContent(
            "version=1\ncluster_id=00112233-4455-6677-8899-aabbccddeeff\nnode_id=12\n"
                + "crc32c=10c8b04d\n");
  }
}
