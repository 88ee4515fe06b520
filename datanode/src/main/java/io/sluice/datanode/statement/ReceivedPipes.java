package io.sluice.datanode.statement;

import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.status.StatusException;
import java.util.List;

/** What senders of other clusters upload here. Thread-safe. */
@FunctionalInterface
public interface ReceivedPipes {
  /**
   * Every pipe that is received anywhere in this cluster, from all DataNodes' ledgers; the same
   * pipe, sender and database may come several times.
   */
  List<ReceivedPipe> list() throws StatusException;
}
