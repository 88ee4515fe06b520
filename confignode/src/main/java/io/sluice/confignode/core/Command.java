package io.sluice.confignode.core;

import io.sluice.common.status.StatusException;
import java.util.List;

/** A wish to change the cluster. Carries everything its decision needs besides image and time. */
public sealed interface Command
    permits NodeCommand,
        DatabaseCommand,
        PartingCommand,
        PipeCommand,
        PipeSinkCommand,
        RegionCommand,
        RemovalCommand,
        UserCommand {
  /**
   * Checks the wish against {@code image}.
   *
   * @param nowMs time of day for the records' time stamps
   * @return the facts to record; empty when nothing is to change
   * @throws StatusException the refusal, as the client is to see it
   */
  List<Record> decide(ClusterImage image, long nowMs) throws StatusException;
}
