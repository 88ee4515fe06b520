package io.sluice.datanode.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.common.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection's calls share: its Thrift encoding, its session, its processor. Calls come
 * one after another; {@link #loggedIn} and {@link #hasIdleQueries} may be asked from elsewhere.
 */
final class ClientConnection {
  /** Clients give up on a reply frame above 64 MB. */
  static final int REPLY_BYTES_MAX = 60 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final int REPLY_BYTES_FIRST = 512;

  private final boolean compact;
  private final MonotonicClock clock;
  private final long queryIdleMs;
  private final ClientSession session;
  private final IClientRPCService.Processor<ClientRpcHandler> processor;
  private String address = "";
  private String dropped;

  ClientConnection(ClientServer.Connections connections, boolean compact) {
    this.compact = compact;
    this.clock = connections.clock();
    this.queryIdleMs = connections.options().queryIdleMs();
    this.session = new ClientSession(connections.sessionIds(), clock);
    this.processor =
        new IClientRPCService.Processor<>(
            new ClientRpcHandler(connections.calls(), session, this, clock));
  }

  void from(SocketAddress remote) {
    address =
        remote instanceof InetSocketAddress inet
            ? inet.getAddress().getHostAddress()
            : String.valueOf(remote);
  }

  /** The client's address without its port. */
  String address() {
    return address;
  }

  boolean loggedIn() {
    return session.loggedIn();
  }

  /** From within a call: the connection is closed instead of answered. */
  void drop(String why) {
    dropped = why;
  }

  /** Executes one frame's call. Never throws. */
  Reply answer(byte[] frame, ByteBufAllocator allocator) {
    int first = frame[0] & 0xff;
    if (first != (compact ? FirstBytes.COMPACT : FirstBytes.BINARY)) {
      return new Reply.Close("a frame that is no call");
    }
    ByteBuf bytes = allocator.buffer(REPLY_BYTES_FIRST, REPLY_BYTES_MAX);
    FrameTransport transport = new FrameTransport(frame, bytes);
    String why;
    try {
      TProtocol protocol = protocol(transport, frame.length);
      processor.process(protocol, protocol);
      if (dropped == null && transport.replied()) {
        transport.finishReply();
        return new Reply.Send(bytes);
      }
      why = dropped == null ? "a call without a reply" : dropped;
    } catch (TException e) {
      why = "a frame that is no call: " + e.getMessage();
    } catch (RuntimeException e) {
      // Handlers keep their own; Thrift throws these while it reads lengths that make no sense.
      why = "a frame that is no call: " + e;
      if (transport.replied()) {
        LOG.error("A reply to {} could not be written", address, e);
        why = "an error of this node";
      }
    }
    bytes.release();
    return new Reply.Close(why);
  }

  private TProtocol protocol(FrameTransport transport, int frameBytes) {
    return compact
        ? new TCompactProtocol(transport, frameBytes, frameBytes)
        : new TBinaryProtocol(transport, frameBytes, frameBytes, true, true);
  }

  boolean hasIdleQueries(long nowMs) {
    return session.oldestQueryUseMs() < nowMs - queryIdleMs;
  }

  void closeIdleQueries(long nowMs) {
    session.closeQueriesUnusedSince(nowMs - queryIdleMs);
  }

  /** Closes the session with all it has open. */
  void end() {
    session.close();
  }

  /** What becomes of a call. */
  sealed interface Reply {
    /** A whole frame, the receiver's to release. */
    record Send(ByteBuf bytes) implements Reply {}

    record Close(String why) implements Reply {}
  }
}
