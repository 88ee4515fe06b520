package io.sluice.datanode.region.entry;

import java.io.IOException;

/**
 * Bytes that are not a log entry of a version this code reads: damaged, or written by a newer one.
 */
public final class LogEntryDamagedException extends IOException {
  public LogEntryDamagedException(String message) {
    super(message);
  }

  public LogEntryDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
