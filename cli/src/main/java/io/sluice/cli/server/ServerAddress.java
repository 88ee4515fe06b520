package io.sluice.cli.server;

import java.time.ZoneId;

/**
 * Where a session goes and as whom.
 *
 * @param zone the zone in which the server reads dates without one
 * @param connectTimeoutMs how long to wait for the connection; also for each answer to the greeting
 */
public record ServerAddress(
    String host, int port, String user, String password, ZoneId zone, int connectTimeoutMs) {
  /** The same with another zone. */
  public ServerAddress withZone(ZoneId other) {
    return new ServerAddress(host, port, user, password, other, connectTimeoutMs);
  }

  /** For messages: never with the password. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
