package io.sluice.sync.receiver.port;

/** The sender's database cannot be made here: an operator must act (a descendant exists). */
public final class DatabaseImpossibleException extends Exception {
  public DatabaseImpossibleException(String message) {
    super(message);
  }
}
