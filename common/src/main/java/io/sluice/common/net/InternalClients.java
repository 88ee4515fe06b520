package io.sluice.common.net;

import io.sluice.common.rpc.Endpoint;
import io.sluice.common.time.MonotonicClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.TServiceClient;
import org.apache.thrift.TServiceClientFactory;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.layered.TFramedTransport;

/**
 * Pooled connections to one Thrift service on any number of nodes. Thread-safe; a connection serves
 * one call at a time.
 *
 * @param <C> the generated client class
 */
public final class InternalClients<C extends TServiceClient> implements AutoCloseable {
  /** Idle connections kept per node. */
  private static final int IDLE_MAX = 8;

  /** An idle connection older than this is closed, not reused: its node may have restarted. */
  private static final long IDLE_MS_MAX = 30_000;

  private final TServiceClientFactory<C> factory;
  private final int connectTimeoutMs;
  private final int callTimeoutMs;
  private final MonotonicClock clock;
  private final Map<Endpoint, Deque<Connection<C>>> idle = new HashMap<>();
  private boolean closed;

  /**
   * @param connectTimeoutMs for opening a connection
   * @param callTimeoutMs for each read of an answer
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
    return attempt(borrow(node), call);
  }

  /**
   * The same for a call that may safely run twice: when a connection kept from before turns out
   * dead, a fresh one is tried.
   */
  public <T> T callIdempotent(Endpoint node, Call<C, T> call) throws TException {
    Connection<C> connection = borrow(node);
    if (!connection.reused()) {
      return attempt(connection, call);
    }
    try {
      return attempt(connection, call);
    } catch (TApplicationException e) {
      throw e;
    } catch (TException e) {
      forget(node);
      return attempt(open(node), call);
    }
  }

  /**
   * The same on a connection of its own, for a call that must not run twice: when it fails after
   * connecting, that is never for the age of the connection.
   */
  public <T> T callFresh(Endpoint node, Call<C, T> call) throws TException {
    return attempt(open(node), call);
  }

  private <T> T attempt(Connection<C> connection, Call<C, T> call) throws TException {
    boolean clean = false;
    try {
      T answer = call.run(connection.client());
      clean = true;
      return answer;
    } finally {
      if (clean) {
        giveBack(connection);
      } else {
        connection.close();
      }
    }
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
        node, transport, factory.getClient(new TBinaryProtocol(transport)), 0, false);
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
    synchronized (idle) {
      closed = true;
      idle.values().forEach(connections -> connections.forEach(Connection::close));
      idle.clear();
    }
  }

  private record Connection<C>(
      Endpoint node, TFramedTransport transport, C client, long idleSinceMs, boolean reused) {
    Connection<C> idleFrom(long nowMs) {
      return new Connection<>(node, transport, client, nowMs, true);
    }

    void close() {
      transport.close();
    }
  }
}
