package io.sluice.datanode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.FakeCluster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TSyncIdentityInfo;
import org.apache.iotdb.service.rpc.thrift.TSyncTransportMetaInfo;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The calls that the sync sender of IoTDB 1.1.2 makes, in its order and with its bytes: no login, a
 * handshake, then for each item pieces of a file and a PipeData. It takes 1105 and 1108 for data to
 * skip and every other answer of sendPipeData for success; only a broken connection makes it keep
 * what it has. So the handshake is refused with 1108, and nothing after it is ever answered.
 */
@Timeout(180)
class ClassicSyncSenderTest {
  private static final int FIRST_PIECE_BYTES = 1 << 20;
  private static final byte TS_FILE = 0;
  private static final byte DELETION = 1;

  private final FakeCluster cluster = new FakeCluster();
  private ClientServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new ClientServer(
            ClientServerOptions.defaults("127.0.0.1", 0),
            new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
            new ProtocolSwitch.None(),
            MonotonicClock.SYSTEM);
  }

  @AfterEach
  void nothingWasWrittenAndTheServerLives() throws Exception {
    try (RawClient client = new RawClient(server.port()).loggedIn()) {
      assertThat(client.execute("SHOW DATABASES", 10).getStatus().getCode()).isEqualTo(200);
    }
    assertThat(cluster.databases).isEmpty();
    server.close();
  }

  private static TSyncIdentityInfo identity(String database) {
    return new TSyncIdentityInfo("p", 1_700_000_000_000L, "1.1", database);
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static ByteBuffer pipeData(byte type, long serial) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(type);
    out.writeLong(serial);
    string(out, type == TS_FILE ? "../../etc" : "root.db");
    if (type == TS_FILE) {
      string(out, "../1-1-0-0.tsfile");
    } else {
      out.writeLong(Long.MIN_VALUE);
      out.writeLong(Long.MAX_VALUE);
      string(out, "root.db.d.s");
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private interface Call {
    TSStatus on(IClientRPCService.Client calls) throws TException, IOException;
  }

  private static List<Call> afterTheHandshake() {
    return List.of(
        calls ->
            calls.sendFile(
                piece("1-1-0-0.tsfile", 0), ByteBuffer.allocate(FIRST_PIECE_BYTES - 500)),
        calls -> calls.sendFile(piece("1-1-0-0.tsfile", FIRST_PIECE_BYTES), ByteBuffer.allocate(9)),
        calls -> calls.sendFile(piece("1-1-0-0.tsfile.resource", 0), ByteBuffer.allocate(0)),
        calls -> calls.sendFile(piece("../../../tmp/x", -1), ByteBuffer.allocate(3)),
        calls -> calls.sendPipeData(pipeData(TS_FILE, 0)),
        calls -> calls.sendPipeData(pipeData(DELETION, 1)),
        calls -> calls.sendPipeData(ByteBuffer.allocate(0)));
  }

  private static TSyncTransportMetaInfo piece(String name, long startIndex) {
    return new TSyncTransportMetaInfo(name, startIndex);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theHandshakeIsRefusedInWordsAndNothingAfterItIsAnswered(boolean compact) throws Exception {
    for (Call call : afterTheHandshake()) {
      try (RawClient sender = new RawClient(server.port(), compact)) {
        TSStatus refused = sender.calls.handshake(identity("root.db"));
        assertThat(refused.getCode()).isEqualTo(1108);
        assertThat(refused.getMessage()).contains("pipes of IoTDB are not received here");
        assertThatThrownBy(() -> call.on(sender.calls)).isInstanceOf(TTransportException.class);
        assertThatThrownBy(() -> sender.calls.handshake(identity("root.db")))
            .isInstanceOf(TTransportException.class);
      }
    }
  }

  /** Its heartbeat while it is refused: a handshake without a database, every five seconds. */
  @Test
  void itsHeartbeatIsRefusedEachTime() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawClient heartbeat = new RawClient(server.port())) {
        assertThat(heartbeat.calls.handshake(identity("")).getCode()).isEqualTo(1108);
      }
    }
  }

  @Test
  void withoutAHandshakeNothingIsAnsweredEither() throws Exception {
    for (Call call : afterTheHandshake()) {
      try (RawClient sender = new RawClient(server.port())) {
        assertThatThrownBy(() -> call.on(sender.calls)).isInstanceOf(TTransportException.class);
      }
    }
  }

  /** Logging in, as the legacy sink of later releases does, changes nothing. */
  @Test
  void aLoginDoesNotHelp() throws Exception {
    try (RawClient sender = new RawClient(server.port()).loggedIn()) {
      assertThat(sender.calls.handshake(identity("root.db")).getCode()).isEqualTo(1108);
      assertThatThrownBy(() -> sender.calls.sendPipeData(pipeData(TS_FILE, -1)))
          .isInstanceOf(TTransportException.class);
    }
  }

  /** Not even to one that does not wait for answers: the handshake's is the last byte it hears. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsThatAreSentAheadAreNotAnswered(boolean compact) throws Exception {
    TMemoryBuffer bytes = new TMemoryBuffer(1 << 16);
    List<byte[]> frames = new ArrayList<>();
    frames.add(frame(bytes, compact, calls -> calls.send_handshake(identity("root.db"))));
    frames.add(frame(bytes, compact, c -> c.send_sendFile(piece("f", 0), ByteBuffer.allocate(9))));
    for (int i = 0; i < 3; i++) {
      ByteBuffer data = pipeData(TS_FILE, i);
      frames.add(frame(bytes, compact, calls -> calls.send_sendPipeData(data)));
    }
    frames.add(frame(bytes, compact, calls -> calls.send_handshake(identity("root.db"))));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      for (byte[] frame : frames) {
        out.writeInt(frame.length);
        out.write(frame);
      }
      assertThat(answers(socket.getInputStream())).isLessThanOrEqualTo(1);
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> server.inFlightBytes() == 0);
  }

  private interface Sent {
    void by(IClientRPCService.Client calls) throws TException;
  }

  private static byte[] frame(TMemoryBuffer bytes, boolean compact, Sent sent) throws TException {
    int before = bytes.length();
    TProtocol protocol = compact ? new TCompactProtocol(bytes) : new TBinaryProtocol(bytes);
    sent.by(new IClientRPCService.Client(protocol));
    byte[] frame = new byte[bytes.length() - before];
    System.arraycopy(bytes.getArray(), before, frame, 0, frame.length);
    return frame;
  }

  private static int answers(InputStream in) throws IOException {
    int answers = 0;
    try {
      while (true) {
        byte[] head = in.readNBytes(Integer.BYTES);
        if (head.length < Integer.BYTES) {
          return answers;
        }
        in.skipNBytes(ByteBuffer.wrap(head).getInt());
        answers++;
      }
    } catch (SocketException e) {
      return answers; // closed with what was not read: nothing more can come
    }
  }
}
