package io.sluice.cli.proxy;

import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;

/** One connection through a link: bytes go both ways as they come. In the loop's thread only. */
final class Relay {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ForwardingLoop loop;
  private final Link link;
  private final SocketChannel caller;
  private final SocketChannel called;
  private final SelectionKey callerKey;
  private final SelectionKey calledKey;
  private final Way out = new Way();
  private final Way back = new Way();
  private boolean connected;

  /** One direction. */
  private static final class Way {
    /** What was read and not yet written; ready for reading. */
    final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    long writeFromMs;
    boolean ended;
    boolean endPassedOn;
  }

  Relay(
      ForwardingLoop loop, Link link, SocketChannel caller, String source, InetSocketAddress target)
      throws IOException {
    this.loop = loop;
    this.link = link;
    this.caller = caller;
    this.called = SocketChannel.open();
    for (SocketChannel each : List.of(caller, called)) {
      each.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    called.bind(new InetSocketAddress(source, 0));
    callerKey = loop.register(caller, 0, key -> moved());
    calledKey = loop.register(called, SelectionKey.OP_CONNECT, key -> moved());
    called.connect(target);
  }

  /** Something can be moved, or the link has changed. */
  void moved() {
    if (!called.isOpen()) {
      return;
    }
    try {
      if (!connected && link.passes()) {
        connected = called.finishConnect();
      }
      if (connected && link.passes()) {
        move(caller, out, called);
        move(called, back, caller);
        if (out.endPassedOn && back.endPassedOn) {
          close();
          return;
        }
      }
      watch();
    } catch (IOException e) {
      // As the end of one connection is the other's.
      reset();
    }
  }

  private void move(SocketChannel from, Way way, SocketChannel to) throws IOException {
    if (!way.bytes.hasRemaining() && !way.ended) {
      way.bytes.clear();
      int read = from.read(way.bytes);
      way.bytes.flip();
      way.ended = read < 0;
      if (read > 0 && link.delayMs() > 0) {
        way.writeFromMs = ElapsedClock.SYSTEM.nowMs() + link.delayMs();
        loop.after(link.delayMs(), this::moved);
      }
    }
    if (way.bytes.hasRemaining() && late(way)) {
      to.write(way.bytes);
    }
    if (way.ended && !way.bytes.hasRemaining() && !way.endPassedOn) {
      to.shutdownOutput();
      way.endPassedOn = true;
    }
  }

  private static boolean late(Way way) {
    return way.writeFromMs <= ElapsedClock.SYSTEM.nowMs();
  }

  private void watch() {
    if (!link.passes()) {
      callerKey.interestOps(0);
      calledKey.interestOps(0);
    } else if (!connected) {
      calledKey.interestOps(SelectionKey.OP_CONNECT);
    } else {
      callerKey.interestOps(interest(out, back));
      calledKey.interestOps(interest(back, out));
    }
  }

  private static int interest(Way reads, Way writes) {
    boolean read = !reads.bytes.hasRemaining() && !reads.ended;
    boolean write = writes.bytes.hasRemaining() && late(writes);
    return (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
  }

  boolean open() {
    return called.isOpen();
  }

  /** Ends both connections at once and unsaid bytes with them. */
  void reset() {
    for (SocketChannel each : List.of(caller, called)) {
      try {
        if (each.isOpen()) {
          each.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        each.close();
      } catch (IOException e) {
        // Nobody is left to be told.
        link.failed(e);
      }
    }
  }

  private void close() throws IOException {
    caller.close();
    called.close();
  }
}
