package io.sluice.confignode.raft;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;

/** A command may have taken effect, or may yet: nobody could tell in time. */
public final class UnknownOutcomeException extends Exception {
  public UnknownOutcomeException(String why, Throwable cause) {
    super(
        "it is not known whether the statement took effect, because "
            + why
            + ": look with SHOW, then run it again if needed",
        cause);
  }

  /** As the client is to see it. */
  public StatusException status() {
    return new StatusException(StatusCode.INTERNAL_ERROR, getMessage(), this);
  }
}
