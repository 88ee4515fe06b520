package io.sluice.it.containers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A long way to a node: what passes is late by a fixed time in each direction, in order, without
 * being slowed. For kernels that cannot delay packets. Who is called sees this process's address.
 */
final class DelayingProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 65_536;

  /** In each direction of each connection; beyond it the writer waits. */
  private static final int CHUNKS_ON_THE_WAY_MAX = 256;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final long delayNs;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong passedBytes = new AtomicLong();

  /** What passes one direction of one connection: at most a bounded number of chunks at a time. */
  private static final class Way {
    final DelayQueue<Chunk> chunks = new DelayQueue<>();
    final Semaphore room = new Semaphore(CHUNKS_ON_THE_WAY_MAX);
  }

  /**
   * @param length -1 for the end
   */
  private record Chunk(byte[] bytes, int length, long dueNs) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.signum(dueNs - ((Chunk) other).dueNs);
    }
  }

  private DelayingProxy(ServerSocket server, InetSocketAddress target, long delayMs) {
    this.server = server;
    this.target = target;
    this.delayNs = TimeUnit.MILLISECONDS.toNanos(delayMs);
  }

  /** Listens on a free port of {@code host}. */
  static DelayingProxy open(String host, InetSocketAddress target, long delayMs)
      throws IOException {
    DelayingProxy proxy =
        new DelayingProxy(new ServerSocket(0, 50, InetAddress.getByName(host)), target, delayMs);
    daemon(proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  /** In both directions of all connections. */
  long passedBytes() {
    return passedBytes.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        open.add(caller);
        Socket called = new Socket();
        open.add(called);
        called.connect(target);
        pass(caller, called);
        pass(called, caller);
      } catch (IOException e) {
        closeIfStopped();
      }
    }
  }

  private void pass(Socket from, Socket to) {
    Way way = new Way();
    daemon(() -> read(from, way));
    daemon(() -> write(way, to));
  }

  private void read(Socket from, Way way) {
    try {
      long lastDueNs = Long.MIN_VALUE;
      int length;
      do {
        byte[] bytes = new byte[CHUNK_BYTES];
        way.room.acquire();
        length = from.getInputStream().read(bytes);
        // Later than the one before, whatever the clock's grain: order is all that TCP promises.
        long dueNs = System.nanoTime() + delayNs;
        lastDueNs = lastDueNs == Long.MIN_VALUE ? dueNs : Math.max(dueNs, lastDueNs + 1);
        way.chunks.put(new Chunk(bytes, length, lastDueNs));
      } while (length >= 0);
    } catch (IOException | InterruptedException e) {
      end(from);
      way.chunks.put(new Chunk(new byte[0], -1, System.nanoTime()));
    }
  }

  private void write(Way way, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk next = way.chunks.take(); next.length() >= 0; next = way.chunks.take()) {
        out.write(next.bytes(), 0, next.length());
        passedBytes.addAndGet(next.length());
        way.room.release();
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that does not close", e);
    }
  }

  private void closeIfStopped() {
    if (server.isClosed()) {
      open.forEach(this::end);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "delaying-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(this::end);
  }
}
