package io.sluice.cli.load;

/** A file whose columns make no sense, or none with the options given: the caller must act. */
public final class BadLayoutException extends Exception {
  public BadLayoutException(String message) {
    super(message);
  }
}
