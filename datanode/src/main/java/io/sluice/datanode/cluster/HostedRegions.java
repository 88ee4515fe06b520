package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.host.RegionHost;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@link LocalRegions} on this node's {@link RegionHost}. */
public final class HostedRegions implements LocalRegions {
  private final RegionHost host;

  public HostedRegions(RegionHost host) {
    this.host = host;
  }

  @Override
  public Optional<Region> find(UUID id) {
    return host.find(id);
  }

  @Override
  public List<Region> all() {
    return host.all();
  }

  @Override
  public RegionScrub scrubs() {
    return host.scrubs();
  }

  @Override
  public void create(RegionInfo region, List<DataNodeLocation> peers) throws StatusException {
    List<RegionMember> members = peers.stream().map(HostedRegions::member).toList();
    host.create(UUID.fromString(region.getUuid()), region.getDatabase(), members);
  }

  private static RegionMember member(DataNodeLocation node) {
    return new RegionMember(
        node.getId(), node.getRegionRaft().getHost(), node.getRegionRaft().getPort());
  }

  @Override
  public void join(RegionInfo region) throws StatusException {
    host.join(UUID.fromString(region.getUuid()), region.getDatabase());
  }

  @Override
  public void changeMembers(UUID id, List<RegionPeer> members) throws StatusException {
    host.changeMembers(id, members.stream().map(HostedRegions::member).toList());
  }

  private static RegionMember member(RegionPeer peer) {
    return new RegionMember(peer.getNode(), peer.getRaft().getHost(), peer.getRaft().getPort());
  }

  @Override
  public void transferLeader(UUID id, int toNode) throws StatusException {
    host.transferLeader(id, toNode);
  }

  @Override
  public void delete(UUID id) throws StatusException {
    host.delete(id);
  }
}
