package io.sluice.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain sockets in the places of two nodes. */
class ProxyNetworkTest {
  private static final int ANSWER_MS_MAX = 60_000;
  private static final int SILENCE_MS = 300;
  private static final byte[] WORD = "word".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  private ProxyNetwork network;
  private LocalNode here;
  private LocalNode there;
  private ServerSocket server;
  private InetAddress way;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(ProxyNetwork.missing().isEmpty(), ProxyNetwork.missing());
    network = new ProxyNetwork();
    LocalNode.Launcher launcher =
        new LocalNode.Launcher(Path.of("none"), Path.of("../conf").toAbsolutePath(), Map.of());
    LocalCluster cluster = new LocalCluster("c", folder, launcher, Map.of(), network);
    here = cluster.addConfigNode();
    there = cluster.addConfigNode();
    server = new ServerSocket();
    server.bind(new InetSocketAddress(there.place().address(), 0));
    server.setSoTimeout(ANSWER_MS_MAX);
    way = addressOf(there, here);
    there.place().opens(List.of(server.getLocalPort()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    network.close();
  }

  /** As it stands in the seeker's hosts file. */
  private static InetAddress addressOf(LocalNode sought, LocalNode seeker) throws IOException {
    String line =
        Files.readAllLines(seeker.home().resolve("hosts")).stream()
            .filter(each -> each.endsWith(" " + sought.place().name()))
            .findFirst()
            .orElseThrow();
    return InetAddress.getByName(line.substring(0, line.indexOf(' ')));
  }

  @Test
  void aNodeIsThereAsSoonAsItListens() throws Exception {
    int port = server.getLocalPort();
    server.close();
    there.place().closes();
    there.place().opens(List.of(port));
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connectTo(port));
    try (ServerSocket again = new ServerSocket()) {
      again.bind(new InetSocketAddress(there.place().address(), port));
      await()
          .atMost(Duration.ofMillis(ANSWER_MS_MAX))
          .ignoreExceptions()
          .untilAsserted(() -> connectTo(port).close());
    }
  }

  private Socket connect(int timeoutMs) throws IOException {
    return connect(server.getLocalPort(), timeoutMs);
  }

  private Socket connectTo(int port) throws IOException {
    return connect(port, ANSWER_MS_MAX);
  }

  private Socket connect(int port, int timeoutMs) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(way, port), timeoutMs);
    socket.setSoTimeout(ANSWER_MS_MAX);
    return socket;
  }

  @Test
  void bytesAndTheirEndGoBothWaysFromTheCallersAddress() throws Exception {
    try (Socket caller = connect(ANSWER_MS_MAX);
        Socket called = server.accept()) {
      assertThat(called.getInetAddress().getHostAddress()).isEqualTo(here.place().address());
      byte[] much = new byte[5 << 20];
      much[4 << 20] = 7;
      Thread writer =
          new Thread(
              () -> {
                try {
                  caller.getOutputStream().write(much);
                  caller.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      assertThat(called.getInputStream().readAllBytes()).isEqualTo(much);
      called.getOutputStream().write(WORD);
      called.close();
      assertThat(caller.getInputStream().readAllBytes()).isEqualTo(WORD);
      writer.join();
    }
  }

  @Test
  void aCutHoldsWhatIsSaidUntilItHeals() throws Exception {
    try (Socket caller = connect(ANSWER_MS_MAX);
        Socket called = server.accept()) {
      caller.getOutputStream().write(WORD);
      assertThat(called.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
      network.cut(here, there);
      caller.getOutputStream().write(WORD);
      called.getOutputStream().write(WORD);
      for (Socket each : List.of(caller, called)) {
        each.setSoTimeout(SILENCE_MS);
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(each.getInputStream()::read);
        each.setSoTimeout(ANSWER_MS_MAX);
      }
      network.heal();
      assertThat(called.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
      assertThat(caller.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
    }
  }

  @Test
  void nobodyAnswersWhoWantsToConnectThroughACut() throws Exception {
    network.cut(here, there);
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> connect(SILENCE_MS));
    network.heal();
    try (Socket caller = connect(ANSWER_MS_MAX);
        Socket called = server.accept()) {
      assertThat(caller.isConnected() && called.isConnected()).isTrue();
    }
  }

  @Test
  void aNodeThatIsGoneRefuses() throws Exception {
    there.place().closes();
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(ANSWER_MS_MAX));
  }

  @Test
  void aResetEndsBothSides() throws Exception {
    try (Socket caller = connect(ANSWER_MS_MAX);
        Socket called = server.accept()) {
      called.getOutputStream().write(WORD);
      assertThat(caller.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
      network.reset(here, there);
      for (Socket each : List.of(caller, called)) {
        assertThatExceptionOfType(SocketException.class).isThrownBy(each.getInputStream()::read);
      }
    }
  }

  @Test
  void aDelayedLinkIsLate() throws Exception {
    network.delay(here, there, SILENCE_MS);
    try (Socket caller = connect(ANSWER_MS_MAX);
        Socket called = server.accept()) {
      long sentNs = System.nanoTime();
      caller.getOutputStream().write(WORD);
      assertThat(called.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
      assertThat((System.nanoTime() - sentNs) / 1_000_000).isGreaterThanOrEqualTo(SILENCE_MS - 1);
    }
  }
}
