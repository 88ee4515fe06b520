package io.sluice.datanode.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.sluice.common.time.MonotonicClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection's frames: gathers each in one array, has it answered on the workers and
 * writes the reply before the next is started. While the node's budget is used up or enough frames
 * wait, the connection is not read. State belongs to the event loop; only {@link #answer} runs on a
 * worker.
 */
final class FrameHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FrameHandler.class);

  /** Whole frames that may wait behind the one being executed. */
  private static final int WAITING_FRAMES_MAX = 4;

  private static final int FRAME_BYTES_PER_MS_MIN = 16;
  private static final long CHECK_EVERY_MS_MAX = 5_000;

  private final ClientServerOptions options;
  private final ClientServer.Connections connections;
  private final ClientConnection connection;
  private final MonotonicClock clock;

  private final Deque<ByteBuf> input = new ArrayDeque<>();
  private final Deque<Frame> waiting = new ArrayDeque<>();
  private final byte[] header = new byte[Integer.BYTES];
  private int headerFilled;
  private byte[] frame;
  private int frameFilled;
  private InFlightBytes.Reservation reservation;
  private boolean busy;
  private boolean closed;
  private long lastCallMs;
  private long frameStartedMs;
  private Future<?> check;

  FrameHandler(ClientServer.Connections connections, boolean compact) {
    this.options = connections.options();
    this.connections = connections;
    this.clock = connections.clock();
    this.connection = new ClientConnection(connections, compact);
    this.lastCallMs = clock.nowMs();
    this.frameStartedMs = lastCallMs;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection.from(ctx.channel().remoteAddress());
    long everyMs =
        Math.max(1, Math.min(CHECK_EVERY_MS_MAX, Math.min(options.frameStallMs(), 1_000)));
    check =
        ctx.executor()
            .scheduleWithFixedDelay(() -> checkTimes(ctx), everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (closed) {
      bytes.release();
      return;
    }
    input.add(bytes);
    takeInput(ctx);
  }

  private void takeInput(ChannelHandlerContext ctx) {
    while (!closed && !input.isEmpty()) {
      ByteBuf bytes = input.peek();
      if (!bytes.isReadable()) {
        input.poll().release();
      } else if (reservation == null) {
        if (waiting.size() >= WAITING_FRAMES_MAX) {
          break;
        }
        takeHeader(ctx, bytes);
      } else if (!reservation.granted()) {
        break;
      } else {
        takeBody(ctx, bytes);
      }
    }
    if (!closed) {
      ctx.channel().config().setAutoRead(input.isEmpty());
    }
  }

  private void takeHeader(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (headerFilled == 0) {
      frameStartedMs = clock.nowMs();
    }
    int take = Math.min(bytes.readableBytes(), header.length - headerFilled);
    bytes.readBytes(header, headerFilled, take);
    headerFilled += take;
    if (headerFilled < header.length) {
      return;
    }
    int lengthBytes = java.nio.ByteBuffer.wrap(header).getInt();
    int maxBytes = connection.loggedIn() ? options.frameBytesMax() : options.loginFrameBytesMax();
    if (lengthBytes <= 0 || lengthBytes > maxBytes) {
      refuse(ctx, "a frame of " + lengthBytes + " bytes, at most " + maxBytes + " are taken");
      return;
    }
    reservation =
        connections
            .inFlight()
            .reserve(lengthBytes, () -> ctx.executor().execute(() -> granted(ctx)));
  }

  private void granted(ChannelHandlerContext ctx) {
    frameStartedMs = clock.nowMs();
    takeInput(ctx);
  }

  private void takeBody(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (frame == null) {
      frame = new byte[java.nio.ByteBuffer.wrap(header).getInt()];
    }
    int take = Math.min(bytes.readableBytes(), frame.length - frameFilled);
    bytes.readBytes(frame, frameFilled, take);
    frameFilled += take;
    if (frameFilled < frame.length) {
      return;
    }
    waiting.add(new Frame(frame, reservation));
    frame = null;
    frameFilled = 0;
    headerFilled = 0;
    reservation = null;
    startNext(ctx);
  }

  private void startNext(ChannelHandlerContext ctx) {
    if (busy || closed || waiting.isEmpty()) {
      return;
    }
    Frame next = waiting.poll();
    busy = true;
    try {
      connections.workers().execute(() -> answer(ctx, next));
    } catch (RejectedExecutionException e) {
      next.reservation.release();
      busy = false;
      refuse(ctx, "no worker is free, the node is stopping");
    }
  }

  /** Worker thread. */
  private void answer(ChannelHandlerContext ctx, Frame call) {
    ClientConnection.Reply reply = connection.answer(call.bytes, ctx.alloc());
    try {
      ctx.executor()
          .execute(
              () -> {
                call.reservation.release();
                answered(ctx, reply);
              });
    } catch (RejectedExecutionException e) {
      LOG.debug("The port was closed during a call", e);
      call.reservation.release();
      if (reply instanceof ClientConnection.Reply.Send send) {
        send.bytes().release();
      }
      connection.end();
    }
  }

  private void answered(ChannelHandlerContext ctx, ClientConnection.Reply reply) {
    if (reply instanceof ClientConnection.Reply.Close close) {
      if (closed) {
        finished(ctx);
      } else {
        busy = false;
        refuse(ctx, close.why());
      }
      return;
    }
    ByteBuf bytes = ((ClientConnection.Reply.Send) reply).bytes();
    if (closed) {
      bytes.release();
      finished(ctx);
      return;
    }
    ctx.writeAndFlush(bytes).addListener(written -> finished(ctx));
  }

  private void finished(ChannelHandlerContext ctx) {
    busy = false;
    lastCallMs = clock.nowMs();
    if (closed) {
      endSession();
      return;
    }
    startNext(ctx);
    takeInput(ctx);
  }

  private void checkTimes(ChannelHandlerContext ctx) {
    long nowMs = clock.nowMs();
    if (closed) {
      return;
    }
    boolean inFrame = headerFilled > 0 && (reservation == null || reservation.granted());
    if (inFrame) {
      long lengthBytes = frame == null ? 0 : frame.length;
      long allowedMs = options.frameStallMs() + lengthBytes / FRAME_BYTES_PER_MS_MIN;
      if (waiting.size() < WAITING_FRAMES_MAX && nowMs - frameStartedMs > allowedMs) {
        refuse(ctx, "the rest of a frame did not come within " + allowedMs + " ms");
        return;
      }
    }
    if (busy || !waiting.isEmpty()) {
      return;
    }
    if (!connection.loggedIn() && nowMs - lastCallMs > options.loginWaitMs()) {
      refuse(ctx, "no session within " + options.loginWaitMs() + " ms");
    } else if (options.sessionIdleMs() > 0 && nowMs - lastCallMs > options.sessionIdleMs()) {
      refuse(ctx, "the session was idle for " + options.sessionIdleMs() + " ms");
    } else if (connection.hasIdleQueries(nowMs)) {
      onWorkers(ctx, () -> connection.closeIdleQueries(nowMs));
    }
  }

  private void onWorkers(ChannelHandlerContext ctx, Runnable cleanUp) {
    busy = true;
    long lastBeforeMs = lastCallMs;
    try {
      connections.workers().execute(() -> cleaned(ctx, cleanUp, lastBeforeMs));
    } catch (RejectedExecutionException e) {
      busy = false;
      refuse(ctx, "no worker is free, the node is stopping");
    }
  }

  /** Worker thread. */
  private void cleaned(ChannelHandlerContext ctx, Runnable cleanUp, long lastBeforeMs) {
    cleanUp.run();
    try {
      ctx.executor()
          .execute(
              () -> {
                finished(ctx);
                lastCallMs = lastBeforeMs;
              });
    } catch (RejectedExecutionException e) {
      LOG.debug("The port was closed during a clean-up", e);
      connection.end();
    }
  }

  private void refuse(ChannelHandlerContext ctx, String why) {
    LOG.warn("Closed client connection {}: {}", ctx.channel().remoteAddress(), why);
    end();
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end();
  }

  private void end() {
    if (closed) {
      return;
    }
    closed = true;
    check.cancel(false);
    input.forEach(ByteBuf::release);
    input.clear();
    waiting.forEach(call -> call.reservation.release());
    waiting.clear();
    if (reservation != null) {
      reservation.release();
      reservation = null;
    }
    frame = null;
    if (!busy) {
      endSession();
    }
  }

  /** The session's queries pin files: closing them may block, so a worker does it. */
  private void endSession() {
    try {
      connections.workers().execute(connection::end);
    } catch (RejectedExecutionException e) {
      connection.end();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof java.io.IOException) {
      LOG.debug("Client connection {} broke", ctx.channel().remoteAddress(), cause);
    } else {
      LOG.error("Client connection {} failed", ctx.channel().remoteAddress(), cause);
    }
    ctx.close();
  }

  private record Frame(byte[] bytes, InFlightBytes.Reservation reservation) {}
}
