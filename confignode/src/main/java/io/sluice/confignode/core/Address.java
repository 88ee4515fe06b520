package io.sluice.confignode.core;

/** Where a service listens. */
public record Address(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
