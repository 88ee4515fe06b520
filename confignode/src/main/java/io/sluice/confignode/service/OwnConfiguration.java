package io.sluice.confignode.service;

import io.sluice.common.status.StatusException;
import java.util.Map;

/** The configuration files of this process. Thread-safe. */
public interface OwnConfiguration {
  /** Of a process that has none: nothing to read, nothing to show. */
  OwnConfiguration NONE =
      new OwnConfiguration() {
        @Override
        public void reload() {
          // there are no files
        }

        @Override
        public Map<String, String> running() {
          return Map.of();
        }
      };

  /**
   * Reads them again.
   *
   * @throws StatusException naming key and value of what is refused; nothing has changed then
   */
  void reload() throws StatusException;

  /** What the process runs with, by key. */
  Map<String, String> running();
}
