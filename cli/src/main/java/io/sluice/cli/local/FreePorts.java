package io.sluice.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ports of 127.0.0.1 that nobody listens on. They lie below the range that systems hand out to
 * outgoing connections, so that a node that is away for a moment finds its own free when it comes
 * back. Thread-safe.
 */
final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;

  private final Set<Integer> given = new HashSet<>();
  private int next = FIRST + (int) (ProcessHandle.current().pid() * 61 % (END - FIRST));

  synchronized List<Integer> take(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int tried = 0; ports.size() < count; tried++) {
      if (tried > END - FIRST) {
        throw new IOException("no " + count + " free ports between " + FIRST + " and " + END);
      }
      int port = next;
      next = next + 1 < END ? next + 1 : FIRST;
      if (!given.contains(port) && free(port)) {
        given.add(port);
        ports.add(port);
      }
    }
    return ports;
  }

  private static boolean free(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
