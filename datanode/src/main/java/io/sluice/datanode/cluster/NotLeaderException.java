package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Endpoint;
import org.apache.thrift.TException;

/** A ConfigNode answered that it does not lead; the call had no effect there. */
final class NotLeaderException extends TException {
  private final transient Endpoint leader;

  NotLeaderException(Endpoint leader) {
    super("not the leader");
    this.leader = leader;
  }

  /** Where it was last seen, null when that ConfigNode knows none. */
  Endpoint leader() {
    return leader;
  }
}
