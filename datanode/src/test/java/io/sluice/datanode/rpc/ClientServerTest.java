package io.sluice.datanode.rpc;

import static io.sluice.datanode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.FakeCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TIOStreamTransport;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the port does with connections, frames and bytes, over real sockets. */
@Timeout(180)
class ClientServerTest {
  private static final int SYNC_MAGIC = 0xA75C0001;
  private static final int SMALL_FRAME = 4_096;

  /** A busy machine logs in within it. */
  private static final int LOGIN_WAIT_MS = 4_000;

  private final FakeCluster cluster = new FakeCluster();
  private final StringBuffer senders = new StringBuffer();
  private ClientServer server;

  private ClientServer start(ClientServerOptions options) throws IOException {
    server =
        new ClientServer(
            options,
            new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
            new ProtocolSwitch.Sync(
                SYNC_MAGIC,
                channel ->
                    channel
                        .pipeline()
                        .addLast(
                            new SimpleChannelInboundHandler<ByteBuf>() {
                              @Override
                              protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
                                senders.append(in.toString(StandardCharsets.ISO_8859_1));
                              }
                            })),
            MonotonicClock.SYSTEM);
    return server;
  }

  private int startDefault() throws IOException {
    return start(ClientServerOptions.defaults("127.0.0.1", 0)).port();
  }

  private static ClientServerOptions options(
      int connections, int frameBytes, long inFlightBytes, long loginWaitMs, long stallMs) {
    return new ClientServerOptions(
        "127.0.0.1",
        0,
        connections,
        4,
        SMALL_FRAME,
        frameBytes,
        inFlightBytes,
        loginWaitMs,
        stallMs,
        60_000,
        0);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void bothEncodingsAreServedOnOnePort() throws Exception {
    int port = startDefault();
    for (boolean compact : new boolean[] {false, true}) {
      try (RawClient client = new RawClient(port, compact)) {
        TSOpenSessionResp opened = client.open("root", "root", Map.of());
        assertThat(opened.getStatus().getCode()).isEqualTo(200);
        assertThat(opened.getConfiguration()).containsEntry("timestamp_precision", "ms");
        assertThat(client.execute("show version", 10).getColumns())
            .containsExactly("Version", "BuildInfo");
      }
    }
  }

  @Test
  void aSendersConnectionIsHandedOnWithItsFirstByte() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", startDefault())) {
      OutputStream out = socket.getOutputStream();
      byte[] magic = ByteBuffer.allocate(4).putInt(SYNC_MAGIC).array();
      out.write(magic, 0, 2);
      out.flush();
      out.write(magic, 2, 2);
      out.write("hello".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      await().until(() -> senders.length() == 9);
      assertThat(senders.toString())
          .isEqualTo(new String(magic, StandardCharsets.ISO_8859_1) + "hello");
    }
  }

  @Test
  void whatIsNoKnownProtocolIsClosedAndCostsNothing() throws Exception {
    int port = startDefault();
    List<byte[]> garbage = new ArrayList<>();
    garbage.add("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    garbage.add("POST / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    garbage.add(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
    garbage.add(new byte[] {0, 0, 0, 0, (byte) 0x80, 1, 0, 1});
    garbage.add(new byte[] {-1, -1, -1, -1, (byte) 0x80, 1, 0, 1});
    garbage.add(new byte[] {0x7f, -1, -1, -1, (byte) 0x80, 1, 0, 1});
    garbage.add(new byte[] {0, 0, 0, 9, 'x', 'y', 'z'});
    // A frame that is no call.
    garbage.add(new byte[] {0, 0, 0, 4, (byte) 0x80, 1, 0, 1});
    // A call whose name claims 2 GB.
    garbage.add(new byte[] {0, 0, 0, 8, (byte) 0x80, 1, 0, 1, 0x7f, -1, -1, -1});
    garbage.add(new byte[] {0, 0, 0, 4, (byte) 0x82, 0x21, 0, (byte) 0xff});
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[5 + random.nextInt(300)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4).put((byte) 0x80).put((byte) 1);
      }
      garbage.add(bytes);
    }
    for (byte[] bytes : garbage) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        socket.shutdownOutput();
        assertThat(endsWithinReason(socket.getInputStream())).isTrue();
      }
    }
    try (RawClient client = new RawClient(port)) {
      assertThat(client.loggedIn().execute("show version", 10).getStatus().getCode())
          .isEqualTo(200);
    }
    // A connection counts no more a moment before its bytes are given back.
    await().until(() -> server.connections() == 0 && server.inFlightBytes() == 0);
  }

  private static boolean endsWithinReason(InputStream in) throws IOException {
    try {
      return in.readAllBytes().length < 1_000;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void framesAreSmallUntilTheLogin() throws Exception {
    int port = start(options(10, 1 << 20, 1 << 20, 20_000, 20_000)).port();
    try (RawClient client = new RawClient(port)) {
      assertThatThrownBy(() -> client.open("root", "x".repeat(SMALL_FRAME), Map.of()))
          .isInstanceOf(TTransportException.class);
    }
    try (RawClient client = new RawClient(port)) {
      assertThat(client.calls.testConnectionEmptyRPC().getCode()).isEqualTo(200);
      assertThatThrownBy(() -> client.open("root", "x".repeat(SMALL_FRAME), Map.of()))
          .as("the second frame of a connection without a session")
          .isInstanceOf(TTransportException.class);
    }
    try (RawClient client = new RawClient(port).loggedIn()) {
      assertThat(client.execute("x".repeat(100 * 1024), 1).getStatus().getCode()).isEqualTo(700);
      assertThatThrownBy(() -> client.execute("x".repeat(2 << 20), 1))
          .isInstanceOf(TTransportException.class);
    }
  }

  @Test
  void halfFramesAndDribblesAreGivenUp() throws Exception {
    int port = start(options(10, 1 << 20, 1 << 20, LOGIN_WAIT_MS, 1_000)).port();
    byte[][] starts = {
      {}, {0, 0}, {0, 0, 1, 0, (byte) 0x80}, {0, 0, 1, 0, (byte) 0x80, 1, 0, 1, 0, 0}
    };
    List<Socket> sockets = new ArrayList<>();
    for (byte[] start : starts) {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(start);
      socket.getOutputStream().flush();
      sockets.add(socket);
    }
    for (Socket socket : sockets) {
      assertThat(endsWithinReason(socket.getInputStream())).isTrue();
      socket.close();
    }
    await().until(() -> server.inFlightBytes() == 0);
    try (RawClient client = new RawClient(port)) {
      client.loggedIn();
      await().pollDelay(Duration.ofMillis(LOGIN_WAIT_MS + 500)).until(() -> true);
      assertThat(client.execute("show version", 1).getStatus().getCode())
          .as("a session may be silent for longer than a login")
          .isEqualTo(200);
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    int port = start(options(2, 1 << 20, 1 << 20, 20_000, 20_000)).port();
    try (RawClient one = new RawClient(port).loggedIn();
        RawClient two = new RawClient(port).loggedIn()) {
      assertThatThrownBy(() -> new RawClient(port).loggedIn())
          .isInstanceOf(TTransportException.class);
      assertThat(two.execute("show version", 1).getStatus().getCode()).isEqualTo(200);
      one.close();
      await().until(() -> server.connections() == 1);
    }
    try (RawClient again = new RawClient(port)) {
      assertThat(again.loggedIn().sessionId).isPositive();
    }
  }

  @Test
  void framesWaitForTheNodesBudgetAndAllAreAnswered() throws Exception {
    int frame = 64 << 10;
    int port = start(options(50, frame, frame + 1_000, 20_000, 20_000)).port();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(new RawClient(port).loggedIn());
    }
    String sql = "x".repeat(frame - 200);
    List<Thread> threads = new ArrayList<>();
    List<Integer> codes = java.util.Collections.synchronizedList(new ArrayList<>());
    for (RawClient client : clients) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  codes.add(client.execute(sql, 1).getStatus().getCode());
                } catch (Exception e) {
                  codes.add(-1);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(codes).hasSize(8).containsOnly(700);
    clients.forEach(RawClient::close);
    await().until(() -> server.inFlightBytes() == 0);
  }

  @Test
  void callsSentWithoutWaitingAreAnsweredInOrder() throws Exception {
    int calls = 60;
    TMemoryBuffer sent = new TMemoryBuffer(8_192);
    TFramedTransport frames = new TFramedTransport(sent);
    for (int i = 0; i < calls; i++) {
      TBinaryProtocol call = new TBinaryProtocol(frames);
      call.writeMessageBegin(new TMessage("testConnectionEmptyRPC", TMessageType.CALL, i));
      new IClientRPCService.testConnectionEmptyRPC_args().write(call);
      call.writeMessageEnd();
      frames.flush();
    }
    try (Socket socket = new Socket("127.0.0.1", startDefault())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(sent.getArray(), 0, sent.length());
      socket.getOutputStream().flush();
      TBinaryProtocol answers =
          new TBinaryProtocol(
              new TFramedTransport(new TIOStreamTransport(socket.getInputStream())));
      for (int i = 0; i < calls; i++) {
        assertThat(answers.readMessageBegin().seqid).isEqualTo(i);
        new IClientRPCService.testConnectionEmptyRPC_result().read(answers);
        answers.readMessageEnd();
      }
    }
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    int port = startDefault();
    ClientServer first = server;
    try {
      assertThatThrownBy(() -> start(ClientServerOptions.defaults("127.0.0.1", port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    } finally {
      server = first;
    }
  }

  @Test
  void queriesOfAClosedConnectionAreClosed() throws Exception {
    int port = startDefault();
    try (RawClient client = new RawClient(port).loggedIn()) {
      StringBuilder sql = new StringBuilder("insert into root.db.d(time,s) values(1,1)");
      for (int i = 2; i <= 500; i++) {
        sql.append(",(").append(i).append(",1)");
      }
      assertThat(client.execute(sql.toString(), 1).getStatus().getCode()).isEqualTo(200);
      assertThat(client.execute("select s from root.db.d", 10).isMoreData()).isTrue();
      assertThat(cluster.openScans()).isEqualTo(1);
    }
    await().until(() -> cluster.openScans() == 0);
  }
}
