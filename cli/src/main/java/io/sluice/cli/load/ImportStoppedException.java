package io.sluice.cli.load;

/** An import that cannot go on: the server took no more rows. */
public final class ImportStoppedException extends Exception {
  public ImportStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
