package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionScrub;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The replicas on this node, as this package needs them. Thread-safe. */
public interface LocalRegions {
  Optional<Region> find(UUID id);

  List<Region> all();

  /** Looks at the replicas' sealed files. */
  RegionScrub scrubs();

  /**
   * Makes and starts the replica; nothing happens when it runs already.
   *
   * @param peers where the replicas' Raft servers listen, in the order of {@code region.replicas}
   */
  void create(RegionInfo region, List<DataNodeLocation> peers) throws StatusException;

  /**
   * Makes and starts an empty replica that waits for the region's leader to take it in; nothing
   * happens when it runs already.
   */
  void join(RegionInfo region) throws StatusException;

  /**
   * Returns once exactly these take part in the region; repeatable. For its leader, see {@link
   * StatusCode#REGION_NOT_HERE}.
   */
  void changeMembers(UUID id, List<RegionPeer> members) throws StatusException;

  /** Returns once the other member leads. For the region's leader, as above. */
  void transferLeader(UUID id, int toNode) throws StatusException;

  /** Stops the replica and removes its files; nothing happens when there is none. */
  void delete(UUID id) throws StatusException;
}
