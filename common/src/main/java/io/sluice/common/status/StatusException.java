package io.sluice.common.status;

/** A refusal whose code and text are meant for the caller as they stand. */
public final class StatusException extends Exception {
  private final int code;

  public StatusException(int code, String message) {
    super(message);
    this.code = code;
  }

  public StatusException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** One of {@link StatusCode}. */
  public int code() {
    return code;
  }
}
