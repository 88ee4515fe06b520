package io.sluice.common.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a Thrift service to the other processes of the cluster: framed strict binary, a thread per
 * connection, both bounded. Garbage costs the connection it came on. Start once, close from any
 * thread.
 */
public final class InternalServer implements AutoCloseable {
  /** Connections served at once; more wait in the accept backlog or are closed. */
  public static final int CONNECTIONS_MAX = 512;

  /** Largest frame taken: a client's largest tablet and its envelope. */
  public static final int FRAME_BYTES_MAX = 72 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(InternalServer.class);
  private static final int STOP_WAIT_SECONDS = 2;

  private final String name;
  private final TThreadPoolServer server;
  private final ThreadPoolExecutor workers;
  private final Thread acceptor;
  private final int port;

  /**
   * Binds at once, so that a taken port is reported here.
   *
   * @param name of the service, for thread names and log lines
   * @param host address to listen on
   * @param port 0 picks a free one, see {@link #port()}
   * @throws IOException naming host and port when the address cannot be bound
   */
  public InternalServer(String name, String host, int port, TProcessor processor)
      throws IOException {
    this.name = name;
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      socket.close();
      throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    this.port = socket.getLocalPort();
    var counter = new AtomicInteger();
    this.workers =
        new ThreadPoolExecutor(
            0,
            CONNECTIONS_MAX,
            60,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, name + "-" + counter.incrementAndGet()),
            (task, pool) -> {
              throw new RejectedExecutionException(
                  name + " serves " + CONNECTIONS_MAX + " connections already");
            });
    try {
      this.server =
          new TThreadPoolServer(
              new TThreadPoolServer.Args(new TServerSocket(socket))
                  .processor(processor)
                  .protocolFactory(
                      new TBinaryProtocol.Factory(true, true, FRAME_BYTES_MAX, FRAME_BYTES_MAX))
                  .transportFactory(new TFramedTransport.Factory(FRAME_BYTES_MAX))
                  .executorService(workers)
                  .stopTimeoutVal(STOP_WAIT_SECONDS));
    } catch (TTransportException e) {
      socket.close();
      throw new IOException("cannot serve " + name + " on port " + this.port, e);
    }
    this.acceptor = daemon(server::serve, name + "-accept");
  }

  public void start() {
    acceptor.start();
    LOG.info("{} listens on port {}", name, port);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Limits for both ends of an internal connection. */
  static TConfiguration limits() {
    return TConfiguration.custom()
        .setMaxFrameSize(FRAME_BYTES_MAX)
        .setMaxMessageSize(FRAME_BYTES_MAX)
        .build();
  }

  @Override
  public void close() {
    server.stop();
    workers.shutdownNow();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
