package io.sluice.cli.dump;

/** A query whose columns do not fit the wanted layout: the caller must act. */
public final class BadColumnsException extends Exception {
  public BadColumnsException(String message) {
    super(message);
  }
}
