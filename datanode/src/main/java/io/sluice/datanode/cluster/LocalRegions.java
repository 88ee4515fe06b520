package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.Region;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The replicas on this node, as this package needs them. Thread-safe. */
public interface LocalRegions {
  Optional<Region> find(UUID id);

  List<Region> all();

  /**
   * Makes and starts the replica; nothing happens when it runs already.
   *
   * @param peers where the replicas' Raft servers listen, in the order of {@code region.replicas}
   */
  void create(RegionInfo region, List<DataNodeLocation> peers) throws StatusException;

  /** Stops the replica and removes its files; nothing happens when there is none. */
  void delete(UUID id) throws StatusException;
}
