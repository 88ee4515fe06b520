package io.sluice.sync.receiver.port;

/** A piece whose bytes are what the sender meant, but no file this cluster can read. */
public final class DamagedPieceException extends Exception {
  public DamagedPieceException(String message, Throwable cause) {
    super(message, cause);
  }
}
