package io.sluice.cli.server;

/** The server answered with an error: whoever wrote the statement must act. */
public final class RefusedException extends Exception {
  private final int code;

  /**
   * @param message the whole line a person sees: the code, a colon, the server's text
   */
  public RefusedException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The server's status code. */
  public int code() {
    return code;
  }
}
