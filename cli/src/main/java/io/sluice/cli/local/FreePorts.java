package io.sluice.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of 127.0.0.1 that nobody listens on. They lie below the range that systems hand out to
 * outgoing connections, so that a node that is away for a moment finds its own free when it comes
 * back. They are taken in blocks, whose first port this process listens on from then on: another
 * process that looks for ports at the same time leaves the whole block alone. Thread-safe.
 */
public final class FreePorts implements AutoCloseable {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int BLOCK = 100;

  private final List<ServerSocket> claims = new ArrayList<>();
  private int next;
  private int endOfBlock;

  /**
   * Each port is given once.
   *
   * @throws IOException when none are left
   */
  public synchronized List<Integer> take(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      if (next == endOfBlock) {
        claimBlock();
      }
      int port = next++;
      if (free(port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  private void claimBlock() throws IOException {
    for (int first = FIRST; first < END; first += BLOCK) {
      try {
        claims.add(listen(first));
        next = first + 1;
        endOfBlock = first + BLOCK;
        return;
      } catch (IOException e) { // somebody's
      }
    }
    throw new IOException(
        "no block of " + BLOCK + " ports between " + FIRST + " and " + END + " is free");
  }

  private static boolean free(int port) {
    try (ServerSocket probe = listen(port)) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  @Override
  public synchronized void close() throws IOException {
    for (ServerSocket claim : claims) {
      claim.close();
    }
  }
}
