package io.sluice.cli.server;

/** No connection, or it broke: the environment must be mended. */
public final class UnreachableException extends Exception {
  public UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
