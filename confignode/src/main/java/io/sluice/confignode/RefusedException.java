package io.sluice.confignode;

import java.io.IOException;

/** The cluster does not take this node; asking again is of no use. */
final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param line for the operator: why, and what to do
   */
  RefusedException(String line) {
    super(line);
  }
}
