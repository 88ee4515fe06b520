package io.sluice.sync.receiver.port;

/** A target cannot be asked now: no leader, a node away, room short. Trying again may help. */
public final class TargetUnavailableException extends Exception {
  public TargetUnavailableException(String message) {
    super(message);
  }

  public TargetUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
