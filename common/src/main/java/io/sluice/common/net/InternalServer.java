package io.sluice.common.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.server.ServerContext;
import org.apache.thrift.server.TServerEventHandler;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
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
  private final OpenConnections connections = new OpenConnections();
  private final Thread acceptor;
  private final int port;
  private volatile boolean closed;

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
              new TThreadPoolServer.Args(new Listener(socket))
                  .processor((in, out) -> process(processor, in, out))
                  .protocolFactory(
                      new TBinaryProtocol.Factory(true, true, FRAME_BYTES_MAX, FRAME_BYTES_MAX))
                  .transportFactory(new TFramedTransport.Factory(FRAME_BYTES_MAX))
                  .executorService(workers)
                  .stopTimeoutVal(STOP_WAIT_SECONDS));
      server.setServerEventHandler(connections);
    } catch (TTransportException e) {
      socket.close();
      throw new IOException("cannot serve " + name + " on port " + this.port, e);
    }
    this.acceptor = daemon(server::serve, name + "-accept");
  }

  /**
   * Says stop again where Thrift has not heard it: {@code serve} of a server that was stopped
   * before its thread ran would try to accept for ever.
   */
  private final class Listener extends TServerSocket {
    Listener(ServerSocket socket) throws TTransportException {
      super(socket);
    }

    @Override
    public TSocket accept() throws TTransportException {
      if (closed) {
        server.stop();
      }
      return super.accept();
    }
  }

  /** Garbage and cut connections cost one line each, not a stack trace. */
  private void process(TProcessor processor, TProtocol in, TProtocol out) throws TException {
    try {
      processor.process(in, out);
    } catch (TTransportException | TProtocolException e) {
      boolean ended =
          e instanceof TTransportException transport
              && transport.getType() == TTransportException.END_OF_FILE;
      if (!ended && !closed) {
        LOG.warn("{}: a connection is closed: {}", name, e.toString());
      }
      throw new TTransportException(TTransportException.END_OF_FILE, e);
    }
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

  /**
   * Ends every connection and gives the port back: waits, at most {@value #STOP_WAIT_SECONDS} s
   * twice, for the accepting thread, since a socket still being accepted from keeps its port after
   * its close.
   */
  @Override
  public void close() {
    closed = true;
    server.stop();
    connections.close();
    workers.shutdownNow();
    try {
      acceptor.join(TimeUnit.SECONDS.toMillis(2 * STOP_WAIT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The connections being served, so that closing the server ends them: a blocked read is not
   * interruptible.
   */
  private static final class OpenConnections implements TServerEventHandler {
    private final Set<TTransport> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public void preServe() {
      // Nothing to prepare: the socket is bound already.
    }

    @Override
    public ServerContext createContext(TProtocol input, TProtocol output) {
      TTransport transport = input.getTransport();
      open.add(transport);
      if (closed) {
        transport.close();
      }
      return new Connection(transport);
    }

    @Override
    public void deleteContext(ServerContext context, TProtocol input, TProtocol output) {
      open.remove(((Connection) context).transport());
    }

    @Override
    public void processContext(ServerContext context, TTransport input, TTransport output) {
      // Calls are not counted here.
    }

    void close() {
      closed = true;
      open.forEach(TTransport::close);
    }

    private record Connection(TTransport transport) implements ServerContext {
      @Override
      public <T> T unwrap(Class<T> type) {
        return type.cast(this);
      }

      @Override
      public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
      }
    }
  }
}
