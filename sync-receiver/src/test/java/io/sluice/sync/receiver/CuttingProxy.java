package io.sluice.sync.receiver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Passes bytes on between a sender and a receiver, and cuts connections after a random number of
 * bytes in a random direction while it is told to.
 */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final IntSupplier targetPort;
  private final Random random;
  private final int cutAfterBytesMax;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicLong bytesUp = new AtomicLong();
  private volatile boolean cutting = true;
  private volatile boolean flipping;
  private volatile boolean closed;
  private boolean frozen;

  CuttingProxy(IntSupplier targetPort, long seed, int cutAfterBytesMax) throws IOException {
    this.targetPort = targetPort;
    this.random = new Random(seed);
    this.cutAfterBytesMax = cutAfterBytesMax;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::acceptAll);
  }

  int port() {
    return server.getLocalPort();
  }

  /** What senders have said so far, over all connections. */
  long bytesForwarded() {
    return bytesUp.get();
  }

  int cuts() {
    return cuts.get();
  }

  void stopCutting() {
    cutting = false;
  }

  /** Instead of cutting, turn one bit of what the sender says. */
  void flipBits() {
    flipping = true;
  }

  /** Accepts and holds connections and passes nothing on, as a paused process does. */
  synchronized void freeze(boolean freezes) {
    frozen = freezes;
    notifyAll();
  }

  private synchronized void awaitThaw() {
    try {
      while (frozen) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!closed) {
      try {
        Socket near = server.accept();
        Socket far;
        try {
          far = new Socket(InetAddress.getLoopbackAddress(), targetPort.getAsInt());
        } catch (IOException e) {
          near.close();
          continue;
        }
        int cutUp;
        int cutDown;
        synchronized (random) {
          boolean up = random.nextBoolean();
          cutUp = up ? random.nextInt(cutAfterBytesMax) : Integer.MAX_VALUE;
          cutDown = up ? Integer.MAX_VALUE : random.nextInt(400);
        }
        start(() -> pump(near, far, cutUp, true));
        start(() -> pump(far, near, cutDown, false));
      } catch (IOException e) {
        // The server socket was closed: nothing more to accept.
        return;
      }
    }
  }

  private void pump(Socket from, Socket to, int cutAfterBytes, boolean up) {
    byte[] buffer = new byte[1 << 14];
    int left = cutAfterBytes;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitThaw();
        if (cutting && count >= left) {
          cuts.incrementAndGet();
          if (!flipping || !up) {
            out.write(buffer, 0, left);
            return;
          }
          buffer[left == count ? count - 1 : left] ^= 4;
          left = Integer.MAX_VALUE;
        } else {
          left -= count;
        }
        out.write(buffer, 0, count);
        out.flush();
        if (up) {
          bytesUp.addAndGet(count);
        }
      }
    } catch (IOException e) {
      // One end is gone; closing the other is all that is left to do.
      closeBoth(from, to);
    }
  }

  private static void closeBoth(Socket from, Socket to) {
    for (Socket socket : new Socket[] {from, to}) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
  }
}
