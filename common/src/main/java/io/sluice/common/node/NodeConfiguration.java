package io.sluice.common.node;

import io.sluice.common.config.Parameter;
import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node's configuration as LOAD CONFIGURATION and SHOW VARIABLES see it. Thread-safe. */
@FunctionalInterface
public interface NodeConfiguration {
  /** Of a node that has no files: nothing to read, nothing to show. */
  NodeConfiguration NONE = List::of;

  /**
   * Reads the files again; all of it is taken over or nothing.
   *
   * @return what stands in the files but takes a restart, one line each
   * @throws StatusException naming key and value of what is refused; nothing has changed then
   */
  List<String> reload() throws StatusException;

  /** What the node runs with, by key. */
  default Map<String, String> running() {
    return Map.of();
  }

  /** The files as the process reads them. */
  static NodeConfiguration of(Reconfiguration files) {
    return new NodeConfiguration() {
      @Override
      public List<String> reload() throws StatusException {
        try {
          return files.reload();
        } catch (Reconfiguration.SettingsRefusedException e) {
          throw new StatusException(StatusCode.ILLEGAL_PARAMETER, e.getMessage(), e);
        }
      }

      @Override
      public Map<String, String> running() {
        Settings running = files.running();
        Map<String, String> texts = new TreeMap<>();
        for (Parameter<?> parameter : Parameters.ALL) {
          texts.put(parameter.key(), running.text(parameter));
        }
        return texts;
      }
    };
  }
}
