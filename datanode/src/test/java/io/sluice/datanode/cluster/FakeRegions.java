package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionScrub;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** This node's regions in memory. */
final class FakeRegions implements LocalRegions {
  final Map<UUID, FakeRegion> regions = new ConcurrentHashMap<>();
  final Set<UUID> joined = ConcurrentHashMap.newKeySet();
  final Map<UUID, List<RegionPeer>> changes = new ConcurrentHashMap<>();
  final Map<UUID, Integer> transfers = new ConcurrentHashMap<>();
  private final Path folder;

  /** Everything is whole, and looked at at once. */
  private final RegionScrub scrubs = new FakeScrub();

  FakeRegions(Path folder) {
    this.folder = folder;
  }

  FakeRegion add(UUID id, String database) {
    return regions.computeIfAbsent(
        id,
        key -> new FakeRegion(key, database, folder.resolve(key.toString()).resolve("staging")));
  }

  @Override
  public Optional<Region> find(UUID id) {
    return Optional.ofNullable(regions.get(id));
  }

  @Override
  public List<Region> all() {
    return List.copyOf(regions.values());
  }

  @Override
  public RegionScrub scrubs() {
    return scrubs;
  }

  @Override
  public void create(RegionInfo region, List<DataNodeLocation> peers) {
    add(UUID.fromString(region.getUuid()), region.getDatabase());
  }

  @Override
  public void join(RegionInfo region) {
    joined.add(add(UUID.fromString(region.getUuid()), region.getDatabase()).id());
  }

  @Override
  public void changeMembers(UUID id, List<RegionPeer> members) throws StatusException {
    if (find(id).filter(Region::leads).isEmpty()) {
      throw Replica.notHere(id);
    }
    changes.put(id, members);
  }

  @Override
  public void transferLeader(UUID id, int toNode) throws StatusException {
    if (find(id).filter(Region::leads).isEmpty()) {
      throw Replica.notHere(id);
    }
    transfers.put(id, toNode);
  }

  @Override
  public void delete(UUID id) {
    regions.remove(id);
  }
}
