package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusException;

/** Reads the configuration files of this node again, for LOAD CONFIGURATION. */
@FunctionalInterface
public interface ConfigurationReload {
  /**
   * @throws StatusException naming file and key when a value is refused; nothing has changed then
   */
  void reload() throws StatusException;
}
