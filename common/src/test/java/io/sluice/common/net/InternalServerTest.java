package io.sluice.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.Status;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.time.Duration;
import org.apache.thrift.TException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InternalServerTest {
  private static final int FIRST_PORT = 12_000;
  private static final int PORTS = 1_000;

  /** Answers stopPipe with the name it was given; nothing else is called here. */
  private static ConfigNodeService.Iface echo() {
    return (ConfigNodeService.Iface)
        Proxy.newProxyInstance(
            InternalServerTest.class.getClassLoader(),
            new Class<?>[] {ConfigNodeService.Iface.class},
            (proxy, method, arguments) -> new Status(200, (String) arguments[0]));
  }

  private static InternalServer server(int port) throws IOException {
    InternalServer server =
        new InternalServer("test", "127.0.0.1", port, new ConfigNodeService.Processor<>(echo()));
    server.start();
    return server;
  }

  /** On a port that no outgoing connection of anybody is given while the server is away. */
  private static InternalServer serverOutsideTheEphemeralRange() throws IOException {
    IOException last = null;
    // Each process begins elsewhere, so that two at once do not take each other's port.
    int first = (int) (ProcessHandle.current().pid() % PORTS);
    for (int i = 0; i < PORTS; i++) {
      int port = FIRST_PORT + (first + i) % PORTS;
      try {
        return server(port);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private static InternalClients<ConfigNodeService.Client> clients() {
    return new InternalClients<>(new ConfigNodeService.Client.Factory(), 1_000, 5_000);
  }

  @Test
  void answersAndReusesConnections() throws Exception {
    try (InternalServer server = server(0);
        var clients = clients()) {
      Endpoint node = new Endpoint("127.0.0.1", server.port());
      for (int i = 0; i < 3; i++) {
        assertThat(clients.call(node, client -> client.stopPipe("x")).getMessage()).isEqualTo("x");
      }
    }
  }

  @Test
  void aRestartedNodeIsReachedAgainByIdempotentCalls() throws Exception {
    try (var clients = clients()) {
      int port;
      try (InternalServer server = serverOutsideTheEphemeralRange()) {
        port = server.port();
        clients.call(new Endpoint("127.0.0.1", port), client -> client.stopPipe("x"));
      }
      Endpoint node = new Endpoint("127.0.0.1", port);
      assertThatThrownBy(() -> clients.call(node, client -> client.stopPipe("y")))
          .isInstanceOf(TException.class);
      try (InternalServer again = server(port)) {
        assertThat(clients.callIdempotent(node, client -> client.stopPipe("z")).getMessage())
            .isEqualTo("z");
      }
    }
  }

  /** Seen to fail when close does not wait for the accepting thread. */
  @Test
  @Timeout(180)
  void aClosedServersPortIsFreeAtOnce() throws Exception {
    try (var clients = clients()) {
      int port = 0;
      for (int i = 0; i < 300; i++) {
        try (InternalServer server = i == 0 ? serverOutsideTheEphemeralRange() : server(port)) {
          port = server.port();
          Endpoint node = new Endpoint("127.0.0.1", port);
          clients.callIdempotent(node, client -> client.stopPipe("x"));
        }
      }
    }
  }

  /** Seen to fail when the accepting thread does not look at the flag. */
  @Test
  @Timeout(180)
  void aServerClosedBeforeItsThreadRanEnds() throws Exception {
    for (int i = 0; i < 20; i++) {
      server(0).close();
    }
    // Closing waits for it, but not for ever.
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("test-accept")));
  }

  @Test
  void garbageCostsOnlyItsConnection() throws Exception {
    try (InternalServer server = server(0);
        var clients = clients();
        Socket garbage = new Socket("127.0.0.1", server.port())) {
      garbage.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
      garbage.setSoTimeout(60_000);
      assertThat(garbage.getInputStream().read()).isEqualTo(-1);
      Endpoint node = new Endpoint("127.0.0.1", server.port());
      assertThat(clients.call(node, client -> client.stopPipe("x")).getCode()).isEqualTo(200);
    }
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (InternalServer server = server(0)) {
      assertThatThrownBy(() -> server(server.port()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
    }
  }
}
