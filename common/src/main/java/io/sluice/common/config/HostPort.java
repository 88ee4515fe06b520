package io.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * An address as an operator writes it: {@code 127.0.0.1:10710}, {@code [::1]:10710}, {@code
 * edge-1:10710}.
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw new IllegalArgumentException("'" + text + "' is not host:port");
    }
    String host = text.substring(0, colon).trim();
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1).trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no port number", e);
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("port " + port + " is outside [1, " + PORT_MAX + "]");
    }
    return new HostPort(host, port);
  }

  static List<HostPort> parseList(String text) {
    List<HostPort> all = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        all.add(parse(part.trim()));
      }
    }
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
