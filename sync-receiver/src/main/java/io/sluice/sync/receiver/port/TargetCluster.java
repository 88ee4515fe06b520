package io.sluice.sync.receiver.port;

import io.sluice.common.sync.frame.Frame;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The receiving cluster, as a session sees it. Calls may block. Thread-safe. */
public interface TargetCluster {
  /** Compared with the sender's: a cluster does not send to itself. */
  UUID clusterId();

  /** Client addresses of the DataNodes, for senders that lose this one. */
  List<Frame.Address> clientAddresses();

  /**
   * The database that takes the rows of a sender's database {@code name}: an equal or ancestor one,
   * else one created with this name.
   */
  String ensureDatabase(String name) throws TargetUnavailableException, DatabaseImpossibleException;

  /** The same without creating one. */
  Optional<String> existingDatabase(String name) throws TargetUnavailableException;

  /** The database's regions by ascending region id; the first is the home of its ledgers. */
  List<TargetRegion> targets(String database) throws TargetUnavailableException;

  /**
   * What this cluster holds, to be compared with a sender: without files that are rotten and whose
   * rows that sender brought.
   *
   * @param sender its cluster
   */
  HeldDigests digests(UUID sender);

  /** What of it is rotten and can be had from senders. */
  RottenFiles rotten();
}
