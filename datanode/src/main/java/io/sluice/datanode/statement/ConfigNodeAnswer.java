package io.sluice.datanode.statement;

import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;

/** Turns a ConfigNode's status into a refusal. */
final class ConfigNodeAnswer {
  private ConfigNodeAnswer() {}

  /** Nothing for success; else the ConfigNode's own code and text, which are the client's. */
  static void check(Status status) throws StatusException {
    if (status.getCode() != StatusCode.SUCCESS) {
      throw new StatusException(status.getCode(), status.getMessage());
    }
  }
}
