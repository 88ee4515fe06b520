package io.sluice.common.net;

import io.sluice.common.rpc.Endpoint;
import io.sluice.common.time.MonotonicClock;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.TServiceClient;
import org.apache.thrift.TServiceClientFactory;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pooled connections to one Thrift service on any number of nodes. Thread-safe; a connection serves
 * one call at a time.
 *
 * @param <C> the generated client class
 */
public final class InternalClients<C extends TServiceClient> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InternalClients.class);

  /** Idle connections kept per node. */
  private static final int IDLE_MAX = 8;

  /** An idle connection older than this is closed, not reused: its node may have restarted. */
  private static final long IDLE_MS_MAX = 30_000;

  /** Time for a large request or answer to go over the wire, in parts of the call time-out. */
  private static final int WHOLE_CALL = 3;

  private final TServiceClientFactory<C> factory;
  private final int connectTimeoutMs;
  private final int callTimeoutMs;
  private final MonotonicClock clock;
  private final CallWatch watch;
  private final Map<Endpoint, Deque<Connection<C>>> idle = new HashMap<>();
  private boolean closed;

  /**
   * @param connectTimeoutMs for opening a connection
   * @param callTimeoutMs for each read of an answer; a call as a whole is given up after {@value
   *     #WHOLE_CALL} times that
   */
  public InternalClients(
      TServiceClientFactory<C> factory, int connectTimeoutMs, int callTimeoutMs) {
    this(factory, connectTimeoutMs, callTimeoutMs, MonotonicClock.SYSTEM);
  }

  InternalClients(
      TServiceClientFactory<C> factory,
      int connectTimeoutMs,
      int callTimeoutMs,
      MonotonicClock clock) {
    this.factory = factory;
    this.connectTimeoutMs = connectTimeoutMs;
    this.callTimeoutMs = callTimeoutMs;
    this.clock = clock;
    this.watch = new CallWatch(clock);
  }

  /**
   * When a call that has not been answered is given up before its time-out. Asked now and then by a
   * thread that must not be blocked.
   */
  @FunctionalInterface
  public interface Patience {
    boolean over(long waitedMs);
  }

  /** One remote call. */
  @FunctionalInterface
  public interface Call<C, T> {
    T run(C client) throws TException;
  }

  /**
   * Makes one attempt. After a failure it is not known whether the call took effect.
   *
   * @throws TException when connecting, sending or receiving fails (a TTransportException), or the
   *     server says so
   */
  public <T> T call(Endpoint node, Call<C, T> call) throws TException {
    return attempt(borrow(node), this::tooLong, call);
  }

  private boolean tooLong(long waitedMs) {
    return waitedMs > (long) WHOLE_CALL * callTimeoutMs;
  }

  /**
   * The same for a call that may safely run twice: when a connection kept from before turns out
   * dead, a fresh one is tried.
   */
  public <T> T callIdempotent(Endpoint node, Call<C, T> call) throws TException {
    return callIdempotent(node, this::tooLong, call);
  }

  /** The same, given up as soon as {@code patience} is over. */
  public <T> T callIdempotent(Endpoint node, Patience patience, Call<C, T> call) throws TException {
    Connection<C> connection = borrow(node);
    try {
      return attempt(connection, patience, call);
    } catch (TTransportException e) {
      if (!connection.reused() || e.getType() == TTransportException.TIMED_OUT) {
        throw e;
      }
      forget(node);
      return attempt(open(node), patience, call);
    }
  }

  /**
   * The same on a connection of its own, for a call that must not run twice: when it fails after
   * connecting, that is never for the age of the connection.
   */
  public <T> T callFresh(Endpoint node, Call<C, T> call) throws TException {
    return callFresh(node, this::tooLong, call);
  }

  /** The same, given up as soon as {@code patience} is over. */
  public <T> T callFresh(Endpoint node, Patience patience, Call<C, T> call) throws TException {
    return attempt(open(node), patience, call);
  }

  private <T> T attempt(Connection<C> connection, Patience patience, Call<C, T> call)
      throws TException {
    boolean clean = false;
    try (CallWatch.Watched watched =
        watch.watch(waitedMs -> patience.over(waitedMs) || tooLong(waitedMs), connection::cut)) {
      try {
        T answer = call.run(connection.client());
        clean = !watched.cut();
        return answer;
      } catch (TTransportException e) {
        throw watched.cut() ? cut(watched.waitedMs(), e) : e;
      }
    } finally {
      if (clean) {
        giveBack(connection);
      } else {
        connection.close();
      }
    }
  }

  private static TTransportException cut(long waitedMs, TTransportException e) {
    SocketTimeoutException cause = new SocketTimeoutException("given up after " + waitedMs + " ms");
    cause.addSuppressed(e);
    return new TTransportException(TTransportException.TIMED_OUT, cause);
  }

  private Connection<C> borrow(Endpoint node) throws TException {
    synchronized (idle) {
      Deque<Connection<C>> connections = idle.get(node);
      while (connections != null && !connections.isEmpty()) {
        Connection<C> connection = connections.pop();
        if (clock.nowMs() - connection.idleSinceMs() < IDLE_MS_MAX) {
          return connection;
        }
        connection.close();
      }
    }
    return open(node);
  }

  private Connection<C> open(Endpoint node) throws TException {
    TSocket socket =
        new TSocket(
            InternalServer.limits(),
            node.getHost(),
            node.getPort(),
            callTimeoutMs,
            connectTimeoutMs);
    TFramedTransport transport = new TFramedTransport(socket, InternalServer.FRAME_BYTES_MAX);
    transport.open();
    return new Connection<>(
        node,
        socket.getSocket(),
        transport,
        factory.getClient(new TBinaryProtocol(transport)),
        0,
        false);
  }

  private void giveBack(Connection<C> connection) {
    synchronized (idle) {
      Deque<Connection<C>> connections =
          idle.computeIfAbsent(connection.node(), node -> new ArrayDeque<>());
      if (!closed && connections.size() < IDLE_MAX) {
        connections.push(connection.idleFrom(clock.nowMs()));
        return;
      }
    }
    connection.close();
  }

  /** Closes the idle connections to a node that is known to have gone. */
  public void forget(Endpoint node) {
    Deque<Connection<C>> connections;
    synchronized (idle) {
      connections = idle.remove(node);
    }
    if (connections != null) {
      connections.forEach(Connection::close);
    }
  }

  @Override
  public void close() {
    watch.close();
    synchronized (idle) {
      closed = true;
      idle.values().forEach(connections -> connections.forEach(Connection::close));
      idle.clear();
    }
  }

  private record Connection<C>(
      Endpoint node,
      Socket socket,
      TFramedTransport transport,
      C client,
      long idleSinceMs,
      boolean reused) {
    Connection<C> idleFrom(long nowMs) {
      return new Connection<>(node, socket, transport, client, nowMs, true);
    }

    /** Under a thread that is using it: whatever that one waits for fails. */
    void cut() {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("a connection to {} could not be closed", node, e);
      }
    }

    void close() {
      transport.close();
    }
  }
}
