package io.sluice.datanode.rpc;

import static io.sluice.datanode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.statement.FakeCluster;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of queries and sessions that are left alone; the test owns the clock. */
@Timeout(180)
class IdleSessionsTest {
  private static final long QUERY_IDLE_MS = 600_000;
  private static final long SESSION_IDLE_MS = 3_600_000;

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void queriesThenSessionsAreClosed() throws Exception {
    ClientServerOptions options =
        new ClientServerOptions(
            "127.0.0.1",
            0,
            10,
            2,
            4_096,
            1 << 20,
            1 << 20,
            30_000,
            20,
            QUERY_IDLE_MS,
            SESSION_IDLE_MS);
    try (ClientServer server =
            new ClientServer(
                options,
                new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
                new ProtocolSwitch.None(),
                nowMs::get);
        RawClient client = new RawClient(server.port()).loggedIn()) {
      assertThat(
              client
                  .execute("insert into root.db.d(time,s) values(1,1),(2,2),(3,3)", 1)
                  .getStatus()
                  .getCode())
          .isEqualTo(200);
      assertThat(client.execute("select s from root.db.d", 1).isMoreData()).isTrue();
      nowMs.addAndGet(QUERY_IDLE_MS);
      client.execute("show version", 1);
      assertThat(cluster.openScans()).isEqualTo(1);
      nowMs.addAndGet(2);
      await().until(() -> cluster.openScans() == 0);
      assertThat(client.execute("show version", 1).getStatus().getCode()).isEqualTo(200);
      assertThat(server.connections()).isEqualTo(1);
      await()
          .until(
              () -> {
                // The server may note the end of the last call only after its answer was here.
                nowMs.addAndGet(SESSION_IDLE_MS + 1);
                return server.connections() == 0;
              });
    }
  }
}
