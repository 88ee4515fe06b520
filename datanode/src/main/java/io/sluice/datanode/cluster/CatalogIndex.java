package io.sluice.datanode.cluster;

import io.sluice.common.path.SeriesSlot;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.UserInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One version of the catalog with the look-ups a row needs. Immutable; the catalog is not to be
 * changed.
 */
final class CatalogIndex {
  private final Catalog catalog;
  private final Map<String, Database> databases = new HashMap<>();
  private final Map<UUID, Place> places = new HashMap<>();
  private final Map<Integer, DataNodeLocation> dataNodes = new HashMap<>();
  private final Map<String, UserInfo> users = new HashMap<>();

  /**
   * @param regions in dealing order
   */
  record Database(DatabaseInfo info, List<UUID> regions) {}

  /**
   * @param replicas DataNodes that hold the region, preferred leader first
   */
  record Place(UUID region, String database, List<DataNodeLocation> replicas) {}

  CatalogIndex(Catalog catalog) {
    this.catalog = catalog;
    if (catalog.isSetUsers()) {
      catalog.getUsers().forEach(user -> users.put(user.getName(), user));
    }
    for (DataNodeLocation node : catalog.getDataNodes()) {
      dataNodes.put(node.getId(), node);
    }
    Map<Integer, UUID> uuids = new HashMap<>();
    for (RegionInfo region : catalog.getRegions()) {
      UUID uuid = UUID.fromString(region.getUuid());
      uuids.put(region.getId(), uuid);
      places.put(uuid, new Place(uuid, region.getDatabase(), replicas(region)));
    }
    for (DatabaseInfo info : catalog.getDatabases()) {
      List<UUID> regions = new ArrayList<>();
      for (int id : info.getRegionIds()) {
        if (uuids.containsKey(id)) {
          regions.add(uuids.get(id));
        }
      }
      if (regions.size() == info.getRegionIdsSize() && !regions.isEmpty()) {
        databases.put(info.getName(), new Database(info, List.copyOf(regions)));
      }
    }
  }

  private List<DataNodeLocation> replicas(RegionInfo region) {
    List<DataNodeLocation> nodes = new ArrayList<>();
    for (int id : region.getReplicas()) {
      DataNodeLocation node = dataNodes.get(id);
      if (node != null) {
        nodes.add(node);
      }
    }
    return List.copyOf(nodes);
  }

  /** Live regions, and those of dropped databases that pipes have still to ship. */
  List<RegionInfo> hosted() {
    List<RegionInfo> all = new ArrayList<>(catalog.getRegions());
    if (catalog.isSetPartings()) {
      catalog.getPartings().forEach(parting -> all.add(parting.getRegion()));
    }
    return all;
  }

  Catalog catalog() {
    return catalog;
  }

  Optional<UserInfo> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  long version() {
    return catalog.getVersion();
  }

  Optional<DataNodeLocation> dataNode(int id) {
    return Optional.ofNullable(dataNodes.get(id));
  }

  Optional<Database> database(String name) {
    return Optional.ofNullable(databases.get(name));
  }

  /** Where a region is; empty when the catalog does not have it. */
  Optional<Place> place(UUID region) {
    return Optional.ofNullable(places.get(region));
  }

  Set<UUID> regions() {
    return Collections.unmodifiableSet(places.keySet());
  }

  /** The database that is a prefix of the device's nodes, or the device itself. */
  Optional<Database> databaseOf(String device) {
    boolean quoted = false;
    for (int i = 0; i < device.length(); i++) {
      char c = device.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        Database found = databases.get(device.substring(0, i));
        if (found != null) {
          return Optional.of(found);
        }
      }
    }
    return Optional.ofNullable(databases.get(device));
  }

  /** The region of a device of this database. */
  UUID regionOf(Database database, String device) {
    int slot = SeriesSlot.of(device, catalog.getSeriesSlotNum());
    return database.regions().get(slot % database.regions().size());
  }
}
