package io.sluice.datanode.rpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.common.time.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client port. Binds on construction; closing stops listening, closes every connection and lets
 * running calls end for a short time. Thread-safe.
 */
public final class ClientServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientServer.class);
  private static final int EVENT_LOOPS = 2;
  private static final int BACKLOG = 1_024;
  private static final int WORKER_IDLE_SECONDS = 30;
  private static final int STOP_WAIT_SECONDS = 5;

  private final ClientServerOptions options;
  private final EventLoopGroup loops;
  private final ThreadPoolExecutor workers;
  private final InFlightBytes inFlight;
  private final AtomicInteger connections = new AtomicInteger();
  private final Channel listener;

  /**
   * @param calls what client calls do
   * @param other what else may arrive on the port
   * @throws IOException naming host and port when the address cannot be bound
   */
  public ClientServer(
      ClientServerOptions options, ClientCalls calls, ProtocolSwitch other, MonotonicClock clock)
      throws IOException {
    this.options = options;
    this.inFlight = new InFlightBytes(options.inFlightBytesMax());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("client-io", true), NioIoHandler.newFactory());
    // A connection has at most one call and one clean-up with the workers.
    this.workers =
        new ThreadPoolExecutor(
            options.workers(),
            options.workers(),
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(2 * options.connectionsMax()),
            new DefaultThreadFactory("client-call", true));
    this.workers.allowCoreThreadTimeOut(true);
    AtomicLong sessionIds = new AtomicLong();
    Connections admitted =
        new Connections(options, calls, inFlight, workers, clock, sessionIds::incrementAndGet);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    admit(channel, admitted, other);
                  }
                });
    this.listener = bind(bootstrap);
  }

  private Channel bind(ServerBootstrap bootstrap) throws IOException {
    var bound = bootstrap.bind(options.host(), options.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stopThreads();
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(options.host(), options.port(), bound.cause().getMessage()),
          bound.cause());
    }
    return bound.channel();
  }

  private void admit(SocketChannel channel, Connections admitted, ProtocolSwitch other) {
    if (connections.incrementAndGet() > options.connectionsMax()) {
      connections.decrementAndGet();
      LOG.warn(
          "Closed a connection from {}: {} are open already",
          channel.remoteAddress(),
          options.connectionsMax());
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    channel.pipeline().addLast(new FirstBytes(admitted, other));
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Connections open now, senders' included. */
  public int connections() {
    return connections.get();
  }

  /** Bytes of client frames held now. */
  public long inFlightBytes() {
    return inFlight.used();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    stopThreads();
  }

  private void stopThreads() {
    loops.shutdownGracefully(0, STOP_WAIT_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** What every connection of this port shares. */
  record Connections(
      ClientServerOptions options,
      ClientCalls calls,
      InFlightBytes inFlight,
      ThreadPoolExecutor workers,
      MonotonicClock clock,
      LongSupplier sessionIds) {}
}
