package io.sluice.confignode;

import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.node.Reconfiguration;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.service.OwnConfiguration;
import java.util.Map;
import java.util.TreeMap;

/** The files as the process's {@link Reconfiguration} reads them. */
record ReloadedFiles(Reconfiguration reconfiguration) implements OwnConfiguration {
  @Override
  public void reload() throws StatusException {
    try {
      reconfiguration.reload();
    } catch (Reconfiguration.SettingsRefusedException e) {
      throw new StatusException(StatusCode.ILLEGAL_PARAMETER, e.getMessage(), e);
    }
  }

  @Override
  public Map<String, String> running() {
    Settings running = reconfiguration.running();
    Map<String, String> texts = new TreeMap<>();
    Parameters.ALL.forEach(parameter -> texts.put(parameter.key(), running.text(parameter)));
    return texts;
  }
}
