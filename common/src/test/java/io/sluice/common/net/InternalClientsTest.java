package io.sluice.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.Status;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a process that takes connections and then does nothing, as one that is stopped. */
class InternalClientsTest {
  private static final int FOR_EVER_MS = 600_000;

  private ServerSocket stopped;
  private Endpoint node;

  @BeforeEach
  void open() throws Exception {
    stopped = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    node = new Endpoint(stopped.getInetAddress().getHostAddress(), stopped.getLocalPort());
  }

  @AfterEach
  void close() throws Exception {
    stopped.close();
  }

  private static InternalClients<ConfigNodeService.Client> clients(int callTimeoutMs) {
    return new InternalClients<>(new ConfigNodeService.Client.Factory(), 1_000, callTimeoutMs);
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aCallIsGivenUpWhenPatienceIsOver() {
    AtomicInteger asked = new AtomicInteger();
    try (var clients = clients(FOR_EVER_MS)) {
      assertThatThrownBy(
              () ->
                  clients.callIdempotent(
                      node, waitedMs -> asked.incrementAndGet() > 2, c -> c.stopPipe("x")))
          .isInstanceOfSatisfying(
              TTransportException.class,
              e -> assertThat(e.getType()).isEqualTo(TTransportException.TIMED_OUT))
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aRequestThatIsNotTakenIsGivenUpToo() {
    String large = "x".repeat(32 << 20);
    try (var clients = clients(300)) {
      assertThatThrownBy(() -> clients.call(node, c -> c.stopPipe(large)))
          .isInstanceOf(TTransportException.class)
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void anAnswerThatDoesNotComeInTimeIsNotAskedForTwice() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    ConfigNodeService.Iface hangsAfterOne =
        (ConfigNodeService.Iface)
            Proxy.newProxyInstance(
                InternalClientsTest.class.getClassLoader(),
                new Class<?>[] {ConfigNodeService.Iface.class},
                (proxy, method, arguments) -> {
                  if (asked.incrementAndGet() > 1) {
                    end.await();
                  }
                  return new Status(200, "");
                });
    try (InternalServer server =
            new InternalServer(
                "test", "127.0.0.1", 0, new ConfigNodeService.Processor<>(hangsAfterOne));
        var clients = clients(2_000)) {
      server.start();
      Endpoint live = new Endpoint("127.0.0.1", server.port());
      clients.callIdempotent(live, c -> c.stopPipe("x"));
      assertThatThrownBy(() -> clients.callIdempotent(live, c -> c.stopPipe("x")))
          .isInstanceOf(TTransportException.class);
      end.countDown();
    }
    assertThat(asked).hasValue(2);
  }
}
