package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderConfigNodeTest {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final FakeConfigNode first = new FakeConfigNode("c");
  private final FakeConfigNode second = new FakeConfigNode("c");

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private Endpoint serve(FakeConfigNode node) throws Exception {
    InternalServer server =
        new InternalServer("cn", "127.0.0.1", 0, new ConfigNodeService.Processor<>(node));
    open.push(server);
    server.start();
    return new Endpoint("127.0.0.1", server.port());
  }

  /** A port that is bound, so that no neighbour is given it, and not listened on. */
  private Endpoint nobody() throws Exception {
    Socket socket = new Socket();
    open.push(socket);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new Endpoint("127.0.0.1", socket.getLocalPort());
  }

  private LeaderConfigNode client(Endpoint... seeds) {
    LeaderConfigNode client =
        new LeaderConfigNode(List.of(seeds), ClusterOfFakes.QUICK, MonotonicClock.SYSTEM);
    open.push(client);
    return client;
  }

  @Test
  void aHintIsFollowedToANodeThatWasNotConfigured() throws Exception {
    first.leads = false;
    first.hint = serve(second);
    LeaderConfigNode client = client(serve(first));

    assertThat(client.call(ConfigNodeService.Iface::loadConfiguration).getCode())
        .isEqualTo(StatusCode.SUCCESS);
    assertThat(client.call(ConfigNodeService.Iface::loadConfiguration).getCode())
        .isEqualTo(StatusCode.SUCCESS);
    assertThat(first.calls).as("the leader is remembered").hasValue(1);
    assertThat(second.calls).hasValue(2);
  }

  @Test
  void notLeadingIsSeenEvenWhenTheCallerKeepsOnlyAPartOfTheAnswer() throws Exception {
    first.leads = false;
    first.hint = serve(second);

    long version =
        client(serve(first)).read(leader -> leader.getCatalog(-1).getCatalog().getVersion());

    assertThat(version).isEqualTo(1);
    assertThat(second.calls).hasValue(1);
  }

  @Test
  void aDeadConfigNodeIsPassedOver() throws Exception {
    LeaderConfigNode client = client(nobody(), serve(first));

    assertThat(client.call(ConfigNodeService.Iface::loadConfiguration).getCode())
        .isEqualTo(StatusCode.SUCCESS);
  }

  @Test
  void anElectionIsWaitedFor() throws Exception {
    first.leads = false;
    LeaderConfigNode client = client(serve(first));
    CompletableFuture<Status> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return client.call(ConfigNodeService.Iface::loadConfiguration);
              } catch (StatusException e) {
                throw new IllegalStateException(e);
              }
            });
    Patience.await().until(() -> first.calls.get() > 1);
    first.leads = true;

    assertThat(answer.get().getCode()).isEqualTo(StatusCode.SUCCESS);
  }

  @Test
  void whenNobodyAnswersTheTextNamesWhomItAskedAndWhy() throws Exception {
    Endpoint dead = nobody();
    first.leads = false;
    Endpoint follower = serve(first);

    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> client(dead, follower).call(ConfigNodeService.Iface::loadConfiguration))
        .withMessageContaining("127.0.0.1:" + dead.getPort() + " (Connection refused)")
        .withMessageContaining("127.0.0.1:" + follower.getPort() + " (does not lead)")
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.INTERNAL_ERROR));
  }

  @Test
  void aChangeThatMayHaveArrivedIsNotSentAgain() throws Exception {
    first.breaks = true;

    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> client(serve(first), serve(second)).call(cn -> cn.dropPipe("p")))
        .withMessageContaining("may have taken effect");
    assertThat(first.calls).hasValue(1);
    assertThat(second.calls).hasValue(0);
  }

  /** With the patience of a call that is never given up, the second assertion timed out. */
  @Test
  void aLeaderThatHangsIsGivenUpOnceAnotherLeads() throws Exception {
    first.hangs = new CountDownLatch(1);
    second.leads = false;
    Endpoint hanging = serve(first);
    LeaderConfigNode client = patientClient(hanging, serve(second));
    CompletableFuture<Status> answer =
        CompletableFuture.supplyAsync(() -> answer(client, cn -> cn.dropPipe("p")));
    assertThatExceptionOfType(TimeoutException.class)
        .as("waited for as long as nobody else leads")
        .isThrownBy(() -> answer.get(1, TimeUnit.SECONDS));

    second.leads = true;

    assertThat(answer.get(30, TimeUnit.SECONDS).getMessage()).contains("may have taken effect");
    assertThat(second.calls).as("it is not sent again").hasValue(0);
    assertThat(answer(client, cn -> cn.dropPipe("q")).getCode())
        .as("the next one goes to the new leader")
        .isEqualTo(StatusCode.SUCCESS);
    first.hangs.countDown();
  }

  private LeaderConfigNode patientClient(Endpoint... seeds) {
    LeaderConfigNode client =
        new LeaderConfigNode(
            List.of(seeds),
            new LeaderConfigNode.Options(500, 60_000, 1_000, 200, 1_500, 1_500, 20),
            MonotonicClock.SYSTEM);
    open.push(client);
    return client;
  }

  private static Status answer(LeaderConfigNode client, ConfigNodeClient.Call<Status> call) {
    try {
      return client.call(call);
    } catch (StatusException e) {
      return new Status(e.code(), e.getMessage());
    }
  }

  @Test
  void aReadIsAskedElsewhere() throws Exception {
    first.breaks = true;

    assertThat(client(serve(first), serve(second)).read(cn -> cn.getCatalog(-1)).isSetCatalog())
        .isTrue();
  }

  @Test
  void aNewListOfConfigNodesIsUsedAndTheSeedsStay() throws Exception {
    Endpoint dead = nobody();
    Endpoint alive = serve(first);
    LeaderConfigNode client = client(alive);
    client.configNodes(List.of(dead));
    assertThat(client.call(ConfigNodeService.Iface::loadConfiguration).getCode())
        .isEqualTo(StatusCode.SUCCESS);

    LeaderConfigNode other = client(dead);
    other.configNodes(List.of(alive));
    assertThat(other.call(ConfigNodeService.Iface::loadConfiguration).getCode())
        .isEqualTo(StatusCode.SUCCESS);
  }
}
