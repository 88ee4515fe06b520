package io.sluice.confignode.format;

import java.io.IOException;

/** Stored metadata does not match its checksum or its own lengths. The bytes are kept as found. */
public final class CorruptRecordException extends IOException {
  public CorruptRecordException(String message) {
    super(message);
  }

  public CorruptRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
