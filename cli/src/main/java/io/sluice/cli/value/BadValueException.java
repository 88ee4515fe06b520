package io.sluice.cli.value;

/** A text that is not a value of the wanted type: the data must be mended. */
public final class BadValueException extends Exception {
  public BadValueException(String message) {
    super(message);
  }
}
