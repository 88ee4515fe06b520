package io.sluice.common.node;

import io.sluice.common.config.Settings;

/**
 * A part that a process can play; found by {@link java.util.ServiceLoader}, so that one main starts
 * them all.
 */
public interface NodeRole {
  /** As on the command line: {@code confignode} or {@code datanode}. */
  String name();

  /**
   * Starts it and returns when it serves.
   *
   * @param fault for what is noticed while it serves
   * @return closes it again, with everything acknowledged on disk
   * @throws NodeStartException when it cannot run, with a line for the operator
   */
  AutoCloseable start(Settings settings, Reconfiguration reconfiguration, NodeFault fault)
      throws NodeStartException;
}
