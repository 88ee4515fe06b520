package io.sluice.common.node;

/** Ends the process from within, when going on would do harm. Thread-safe. */
@FunctionalInterface
public interface NodeFault {
  /**
   * Returns at once; the process stops everything and ends with {@link Main#EXIT_FAULT}.
   *
   * @param why one line for the operator
   */
  void end(String why);
}
