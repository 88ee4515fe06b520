package io.sluice.datanode;

import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.node.Reconfiguration;
import io.sluice.datanode.access.SendingUsers;
import io.sluice.datanode.pipe.PipeService;
import io.sluice.sync.receiver.WhiteList;
import java.io.IOException;

/**
 * What LOAD CONFIGURATION changes while a node runs: who may send here and how, and when WARN
 * becomes ERROR.
 */
record PipeReload(PipeService pipes, SendingUsers senders) implements Reconfiguration.Listener {
  @Override
  public void reload(Settings fresh, boolean dryRun)
      throws Reconfiguration.SettingsRefusedException {
    WhiteList whiteList;
    try {
      whiteList = NodeOptions.whiteList(fresh);
    } catch (IOException e) {
      throw new Reconfiguration.SettingsRefusedException(e.getMessage());
    }
    if (!dryRun) {
      senders.require(fresh.get(Parameters.SYNC_REQUIRE_CREDENTIALS));
      pipes.reload(whiteList, fresh.get(Parameters.SYNC_RETRIES_MAX));
    }
  }
}
