package io.sluice.confignode.format;

import java.io.IOException;

/** Metadata written by a newer release: run that release, or restore a backup of this one. */
public final class NewerFormatException extends IOException {
  public NewerFormatException(String message) {
    super(message);
  }
}
