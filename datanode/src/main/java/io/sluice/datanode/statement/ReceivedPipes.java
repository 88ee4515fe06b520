package io.sluice.datanode.statement;

import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.status.StatusException;
import java.util.List;

/** What senders of other clusters upload here. Thread-safe. */
@FunctionalInterface
public interface ReceivedPipes {
  /** One row per pipe, sender address and database, over all DataNodes of this cluster. */
  List<ReceivedPipe> list() throws StatusException;
}
