package io.sluice.datanode.region;

import java.io.IOException;

/**
 * A region's files are not what they must be; the operator has to act. The message is one line that
 * says what is wrong where, and what to do. Nothing was changed.
 */
public final class RegionRefusedException extends IOException {
  public RegionRefusedException(String message) {
    super(message);
  }

  public RegionRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
