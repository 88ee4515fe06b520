package io.sluice.sync.sender.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.sync.sender.core.FeedEvent;
import java.util.function.Consumer;

/**
 * One try at a connection to a receiver. Reports Connected, Received and, once, Lost; nothing after
 * {@link #close}. Runs on one event loop.
 */
final class FeedConnection {
  private final Consumer<FeedEvent> events;
  private Channel channel;

  /** Of the protocol; 0 until the receiver has greeted. */
  private int version;

  private boolean closed;
  private boolean lost;

  FeedConnection(Consumer<FeedEvent> events) {
    this.events = events;
  }

  /**
   * @param exchange comes before everything else that is said; null: nothing does
   */
  void connect(EventLoop loop, Frame.Address address, int timeoutMs, CredentialsExchange exchange) {
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel made) {
                channel = made;
                made.pipeline().addLast(new FrameDecoder(false), new FrameEncoder());
                if (exchange != null) {
                  made.pipeline().addLast(exchange);
                }
                made.pipeline().addLast(new Inbound());
              }
            })
        .connect(address.host(), address.port())
        .addListener(
            future -> {
              if (!future.isSuccess()) {
                lost(address.host() + ":" + address.port() + ": " + textOf(future.cause()));
              }
            });
  }

  Channel channel() {
    return channel;
  }

  int version() {
    return version;
  }

  void send(Frame.FromSender frame) {
    // A failed write closes the channel, and its end is told once all that came has been read.
    channel.writeAndFlush(frame, channel.voidPromise());
  }

  /** Reports nothing from here on. */
  void close() {
    closed = true;
    if (channel != null) {
      channel.close();
    }
  }

  private void lost(String text) {
    if (!closed && !lost) {
      lost = true;
      events.accept(new FeedEvent.Lost(text));
    }
  }

  private static String textOf(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private final class Inbound extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (closed) {
        ctx.close();
        return;
      }
      ByteBuf opening = Unpooled.buffer(Opening.BYTES);
      FrameEncoder.write(Opening.OURS, opening);
      ctx.writeAndFlush(opening, ctx.voidPromise());
      events.accept(new FeedEvent.Connected());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (closed) {
        return;
      }
      if (message instanceof Frame.FromReceiver frame) {
        if (frame instanceof Frame.Greeting greeting) {
          version = greeting.version();
        }
        events.accept(new FeedEvent.Received(frame));
      } else {
        lost("the receiver sent a sender's frame");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      lost(textOf(cause));
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      lost("connection closed by the receiver");
    }
  }
}
