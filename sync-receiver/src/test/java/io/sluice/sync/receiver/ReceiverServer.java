package io.sluice.sync.receiver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.receiver.port.SenderUsers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A receiver on a loopback port of its own. */
final class ReceiverServer implements AutoCloseable {
  static final SyncReceiverOptions OPTIONS =
      new SyncReceiverOptions(100, 1L << 30, 2, 10_000, 50, 3_000);

  private final EventLoopGroup loops;
  private final SyncReceiver receiver;
  private final Channel server;

  ReceiverServer(
      SyncReceiverOptions options, String whiteList, Path staging, FakeTargetCluster cluster)
      throws IOException, MalformedWhiteListException {
    this(options, whiteList, staging, cluster, SenderUsers.NONE);
  }

  ReceiverServer(
      SyncReceiverOptions options,
      String whiteList,
      Path staging,
      FakeTargetCluster cluster,
      SenderUsers users)
      throws IOException, MalformedWhiteListException {
    receiver =
        new SyncReceiver(
            options,
            WhiteList.parse(whiteList),
            staging,
            cluster,
            cluster,
            users,
            MonotonicClock.SYSTEM);
    loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    receiver.install(channel.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  SyncReceiver receiver() {
    return receiver;
  }

  @Override
  public void close() {
    if (!server.isOpen()) {
      return;
    }
    server.close().syncUninterruptibly();
    receiver.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
