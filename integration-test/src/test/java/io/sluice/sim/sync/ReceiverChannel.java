package io.sluice.sim.sync;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** The receiver's end of a cable, as its handlers see it. */
final class ReceiverChannel extends EmbeddedChannel implements DuplexChannel {
  private final Cable cable;
  private boolean outputShut;

  ReceiverChannel(Cable cable, ChannelHandler... handlers) {
    super(handlers);
    this.cable = cable;
    freezeTime();
  }

  void timePasses(long ms) {
    advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    runScheduledPendingTasks();
    runPendingTasks();
  }

  @Override
  protected void handleOutboundMessage(Object message) {
    ByteBuf bytes = (ByteBuf) message;
    byte[] copy = ByteBufUtil.getBytes(bytes);
    ReferenceCountUtil.release(message);
    if (!outputShut) {
      cable.toSender(copy);
    }
  }

  @Override
  protected void doClose() throws Exception {
    super.doClose();
    cable.receiverClosed();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public ChannelFuture shutdownOutput() {
    outputShut = true;
    cable.endToSender();
    return newSucceededFuture();
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShut;
  }

  // ---------------------------------------------------------------- not asked for

  @Override
  public boolean isInputShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdownInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }
}
