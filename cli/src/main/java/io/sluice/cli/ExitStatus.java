package io.sluice.cli;

/** What the process says when it ends. 2, for arguments that cannot be understood, is picocli's. */
final class ExitStatus {
  static final int OK = 0;
  static final int FAILED = 1;

  private ExitStatus() {}

  static int of(boolean succeeded) {
    return succeeded ? OK : FAILED;
  }
}
