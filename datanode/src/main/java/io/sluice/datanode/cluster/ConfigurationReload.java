package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusException;
import java.util.Map;

/** The configuration files of this node: read again for LOAD CONFIGURATION. Thread-safe. */
@FunctionalInterface
public interface ConfigurationReload {
  /**
   * @throws StatusException naming file and key when a value is refused; nothing has changed then
   */
  void reload() throws StatusException;

  /** What this node runs with, by key. */
  default Map<String, String> running() {
    return Map.of();
  }
}
