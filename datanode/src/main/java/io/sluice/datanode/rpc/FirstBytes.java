package io.sluice.datanode.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by its first five bytes what a connection is: another cluster's sender (its magic), a
 * client (a frame length and the first byte of strict binary or compact Thrift), or neither, which
 * is closed with one log line. Event loop only.
 */
final class FirstBytes extends ByteToMessageDecoder {
  static final int BINARY = 0x80;
  static final int COMPACT = 0x82;

  private static final Logger LOG = LoggerFactory.getLogger(FirstBytes.class);
  private static final int NEEDED_BYTES = 5;
  private static final int TLS_HANDSHAKE = 0x16;

  private final ClientServer.Connections connections;
  private final ProtocolSwitch other;

  FirstBytes(ClientServer.Connections connections, ProtocolSwitch other) {
    this.connections = connections;
    this.other = other;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.executor()
        .schedule(
            () -> {
              if (!ctx.isRemoved()) {
                refuse(ctx, "sent nothing that tells its protocol in time");
              }
            },
            connections.options().loginWaitMs(),
            TimeUnit.MILLISECONDS);
    ctx.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < NEEDED_BYTES) {
      return;
    }
    int first = in.getInt(in.readerIndex());
    if (other instanceof ProtocolSwitch.Sync sync && first == sync.magic()) {
      sync.attach().accept(ctx.channel());
      ctx.pipeline().remove(this);
      return;
    }
    int firstOfFrame = in.getUnsignedByte(in.readerIndex() + Integer.BYTES);
    if (first > 0
        && first <= connections.options().loginFrameBytesMax()
        && (firstOfFrame == BINARY || firstOfFrame == COMPACT)) {
      ctx.pipeline().addLast(new FrameHandler(connections, firstOfFrame == COMPACT));
      ctx.pipeline().remove(this);
      return;
    }
    String what = describe(in, first);
    in.skipBytes(in.readableBytes());
    refuse(ctx, what);
  }

  private static String describe(ByteBuf in, int first) {
    if (first == 0x47455420 || first == 0x504F5354 || first == 0x48454144 || first == 0x50555420) {
      return "speaks HTTP";
    }
    if (in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
      return "speaks TLS, which this port does not";
    }
    if (first <= 0) {
      return "sent bytes of no known protocol";
    }
    return "sent a frame of %d bytes of no known protocol before logging in".formatted(first);
  }

  private static void refuse(ChannelHandlerContext ctx, String what) {
    LOG.warn("Closed a connection: {} {}", ctx.channel().remoteAddress(), what);
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("Connection {} broke", ctx.channel().remoteAddress(), cause);
    ctx.close();
  }
}
