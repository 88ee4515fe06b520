package io.sluice.cli.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which ports of a loopback address somebody listens on, as Linux tells it: looked at, so that
 * nobody is disturbed by a connection that wants nothing. Formats: proc_net_tcp(5).
 */
final class Listening {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final String LISTEN = "0A";

  private Listening() {}

  static Set<Integer> on(String address) throws IOException {
    String hex = hex(InetAddress.getByName(address).getAddress());
    Set<Integer> ports = new HashSet<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          if (!line.contains(LISTEN)) {
            continue;
          }
          String[] words = line.strip().split("\\s+");
          int colon = words[LOCAL].indexOf(':');
          if (words[STATE].equals(LISTEN) && words[LOCAL].substring(0, colon).endsWith(hex)) {
            ports.add(Integer.parseInt(words[LOCAL].substring(colon + 1), 16));
          }
        }
      }
    }
    return ports;
  }

  /** Four bytes as one word of a little-endian machine; an IPv6 socket has them last. */
  private static String hex(byte[] address) {
    StringBuilder text = new StringBuilder();
    for (int i = address.length - 1; i >= 0; i--) {
      text.append(String.format(Locale.ROOT, "%02X", address[i]));
    }
    return text.toString();
  }
}
