package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.common.sync.frame.BadFrameException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sender's connection on its event loop: checks who it is, answers pings at once, and hands
 * everything else to the session's lane. Stops reading while the lane is behind.
 */
public final class ReceiverConnection extends ChannelInboundHandlerAdapter implements Replies {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private static final long TICK_MS = 250;

  /** A sender that hears nothing for longer may think that we are gone. */
  private static final long SPEAK_MS = 1_000;

  /** How long a sender may take to close after a refusal. */
  private static final long LEAVE_MS_MAX = 2_000;

  /** A connection without a HELLO or NOTICE is closed after so many times the longest silence. */
  private static final long HANDSHAKE_SILENCES = 2;

  /** What a frame counts for, at least. */
  private static final long FRAME_BYTES = 1 << 10;

  private final SessionHost host;
  private final Admission admission;
  private final PendingBytes pending;
  private final AtomicBoolean ticking = new AtomicBoolean();
  private Channel channel;
  private SerialTasks lane;
  private ReceiverSession session;
  private ScheduledFuture<?> ticks;
  private ScheduledFuture<?> deadline;
  private boolean admitted;

  /** A HELLO, a NOTICE or a question has come. */
  private boolean shaken;

  /** When the channel was last seen to be writable; in its event loop. */
  private long deafSinceMs;

  /** When this side said something last; written by whoever says it. */
  private volatile long saidAtMs;

  /** The last word is said; what still comes is thrown away. */
  private volatile boolean leaving;

  /** Who may come in. */
  public interface Admission {
    /** Null: come in, and {@link #left} follows once; otherwise the refusal. */
    Frame.Refused admit(Channel channel, InetSocketAddress sender);

    /** Whether a refusal is to stand in the log, or has just been said. */
    boolean isNews(Frame.Refused refused);

    void left(Channel channel);
  }

  public ReceiverConnection(SessionHost host, Admission admission) {
    this.host = host;
    this.admission = admission;
    this.pending = new PendingBytes(host.pendingBytes());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    deafSinceMs = host.clock().nowMs();
    deadline =
        channel
            .eventLoop()
            .schedule(
                this::closeUnlessShaken,
                HANDSHAKE_SILENCES * host.options().silenceMsMax(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (leaving) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf content) {
      content(content);
    } else if (message instanceof Opening opening) {
      opening(opening);
    } else if (session == null) {
      LOG.debug("{} goes on after a refusal", channel.remoteAddress());
    } else if (message instanceof Frame.Ping ping) {
      send(new Frame.Pong(ping.token()));
    } else if (message instanceof Frame.FromSender frame) {
      long bytes = FRAME_BYTES;
      if (frame instanceof Frame.Hello hello) {
        bytes += 16L * hello.lineage().spans().size();
      } else if (asks(frame)) {
        bytes = DigestDesk.QUESTION_BYTES;
      }
      shaken |= frame instanceof Frame.Hello || frame instanceof Frame.Notice || asks(frame);
      enqueue(bytes, () -> session.receive(frame));
    } else {
      refuse(Refusal.PROTOCOL, "a receiver's frame from a sender");
    }
  }

  private static boolean asks(Frame.FromSender frame) {
    return DigestDesk.isFor(frame) || MendDesk.isFor(frame);
  }

  private void opening(Opening opening) {
    InetSocketAddress sender = (InetSocketAddress) channel.remoteAddress();
    Frame.Refused refused = admission.admit(channel, sender);
    if (refused != null) {
      if (admission.isNews(refused)) {
        LOG.warn("refused {}: {}", sender, refused.text());
      }
      sendAndClose(refused);
      return;
    }
    admitted = true;
    if (!opening.understands(Opening.VERSION_MIN, Opening.VERSION)) {
      refuse(
          Refusal.VERSION,
          "sync protocol "
              + opening.lowestVersion()
              + " to "
              + opening.highestVersion()
              + ", this receiver speaks "
              + Opening.VERSION_MIN
              + " to "
              + Opening.VERSION);
      return;
    }
    lane = new SerialTasks(host.workers());
    session = new ReceiverSession(host, lane, this, sender, opening.common());
    ticks =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    send(new Frame.Greeting(opening.common(), host.cluster().clusterId()));
  }

  private void tick() {
    closeDeaf();
    if (!leaving && channel.isWritable() && host.clock().nowMs() - saidAtMs >= SPEAK_MS) {
      // Also while pings wait behind a file's bytes, or nothing is read.
      send(new Frame.Pong(0));
    }
    // One at a time: a lane that is held up must not find a heap of them.
    if (ticking.compareAndSet(false, true)) {
      lane.execute(
          () -> {
            ticking.set(false);
            session.tick();
          });
    }
  }

  private void content(ByteBuf content) {
    if (session == null) {
      content.release();
    } else {
      enqueue(content.readableBytes(), () -> session.content(content));
    }
  }

  private void enqueue(long bytes, Runnable task) {
    if (pending.add(bytes)) {
      channel.config().setAutoRead(false);
    }
    lane.execute(
        () -> {
          try {
            task.run();
          } finally {
            pending.remove(bytes);
            if (!channel.config().isAutoRead()) {
              channel.eventLoop().execute(this::readOn);
            }
          }
        });
  }

  private void readOn() {
    if (leaving || pending.low() && channel.isWritable()) {
      channel.config().setAutoRead(true);
    }
  }

  /** A sender that does not read is not listened to: its questions would pile up as answers. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      readOn();
    } else {
      channel.config().setAutoRead(false);
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void closeDeaf() {
    long nowMs = host.clock().nowMs();
    // the channel may be full without having said so yet
    if (channel.isWritable()) {
      deafSinceMs = nowMs;
    }
    long deafMs = nowMs - deafSinceMs;
    if (deafMs >= host.options().silenceMsMax()) {
      LOG.warn("{} has read nothing for {} ms: closed", channel.remoteAddress(), deafMs);
      channel.close();
    }
  }

  private void closeUnlessShaken() {
    if (!shaken && !leaving) {
      refuse(
          Refusal.PROTOCOL,
          "no handshake within " + HANDSHAKE_SILENCES * host.options().silenceMsMax() + " ms");
    }
  }

  private void refuse(Refusal code, String text) {
    LOG.info("refused {}: {} ({})", channel.remoteAddress(), text, code);
    sendAndClose(new Frame.Refused(code, text));
  }

  @Override
  public void send(Frame.FromReceiver frame) {
    if (leaving) {
      return;
    }
    saidAtMs = host.clock().nowMs();
    channel.writeAndFlush(frame, channel.voidPromise());
  }

  /**
   * Closes this side only, and the rest when the sender has: closing with its bytes unread would
   * reset the connection, and {@code last} might never be seen.
   */
  @Override
  public void sendAndClose(Frame.FromReceiver last) {
    channel
        .writeAndFlush(last)
        .addListener(
            written -> {
              leaving = true;
              // What comes now is thrown away, not gathered into frames.
              if (channel.pipeline().get(FrameDecoder.class) != null) {
                channel.pipeline().remove(FrameDecoder.class);
              }
              channel.config().setAutoRead(true);
              ((DuplexChannel) channel).shutdownOutput();
              channel
                  .eventLoop()
                  .schedule(() -> channel.close(), LEAVE_MS_MAX, TimeUnit.MILLISECONDS);
            });
  }

  /** Besides silence: a refusal that came only after the sender was let in. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Frame.Refused refused && !leaving) {
      if (admission.isNews(refused)) {
        LOG.warn("refused {} from now on: {}", channel.remoteAddress(), refused.text());
      }
      sendAndClose(refused);
      leaving = true;
      return;
    }
    // While this side has stopped reading, silence is not the sender's.
    if (event instanceof IdleStateEvent && channel.config().isAutoRead()) {
      LOG.info("{} says nothing: closed", channel.remoteAddress());
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof BadFrameException) {
      refuse(Refusal.PROTOCOL, cause.getMessage());
    } else if (cause instanceof IOException) {
      LOG.info("connection of {} lost: {}", channel.remoteAddress(), cause.getMessage());
      ctx.close();
    } else {
      LOG.error("connection of {} failed", channel.remoteAddress(), cause);
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.cancel(false);
    if (ticks != null) {
      ticks.cancel(false);
    }
    if (admitted) {
      admission.left(channel);
    }
    if (session != null) {
      lane.execute(session::disconnected);
    }
  }
}
