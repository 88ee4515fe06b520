package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Finds regions in this node's copy of the catalog, fetching a newer one when something is missing,
 * and creates the database of a first write.
 */
public final class CatalogRegions implements ClusterRegions {
  /** Nodes of a database that is created by a write: root and one more. */
  private static final int DEFAULT_DATABASE_NODES = 2;

  private final CatalogCache cache;
  private final ConfigNodeClient configNode;
  private final Function<UUID, RegionAccess> access;
  private final Expiry expiry;

  /** One lock per database being created here, so that a burst of first writes asks once. */
  private final ConcurrentMap<String, Object> creating = new ConcurrentHashMap<>();

  /**
   * @param access the way to a region by its UUID; called for every look-up, so cheap
   * @param expiry what reads do not show
   */
  public CatalogRegions(
      CatalogCache cache,
      ConfigNodeClient configNode,
      Function<UUID, RegionAccess> access,
      Expiry expiry) {
    this.cache = cache;
    this.configNode = configNode;
    this.access = access;
    this.expiry = expiry;
  }

  @Override
  public Catalog catalog() {
    return cache.catalog();
  }

  @Override
  public List<String> databasesOf(List<PathPattern> patterns) {
    List<String> names = new ArrayList<>();
    for (DatabaseInfo database : cache.catalog().getDatabases()) {
      List<String> nodes = PathPattern.split(database.getName());
      if (patterns.stream().anyMatch(pattern -> pattern.couldMatchBelow(nodes))) {
        names.add(database.getName());
      }
    }
    return names;
  }

  @Override
  public List<RegionAccess> regions(String database) throws StatusException {
    CatalogIndex.Database found =
        found(index -> index.database(database))
            .orElseThrow(() -> noDatabase("Database " + database + " does not exist"));
    return found.regions().stream().map(region -> unexpired(found, region)).toList();
  }

  @Override
  public RegionAccess regionOf(String device) throws StatusException {
    return found(
            index ->
                index
                    .databaseOf(device)
                    .map(database -> unexpired(database, index.regionOf(database, device))))
        .orElseThrow(() -> noDatabase("No database holds [" + device + "]"));
  }

  private RegionAccess unexpired(CatalogIndex.Database database, UUID region) {
    RegionAccess whole = access.apply(region);
    return database.info().isSetTtlMs()
        ? new UnexpiredRegion(whole, () -> expiry.of(database.info()).firstTimeMs())
        : whole;
  }

  @Override
  public RegionAccess regionForWriting(String device) throws StatusException {
    Optional<UUID> region = regionOf(cache.index(), device);
    return access.apply(region.isPresent() ? region.get() : regionInNewDatabase(device));
  }

  @Override
  public void refresh() throws StatusException {
    cache.refresh();
  }

  private UUID regionInNewDatabase(String device) throws StatusException {
    String database = defaultDatabase(device);
    Object lock = creating.computeIfAbsent(database, name -> new Object());
    try {
      synchronized (lock) {
        Optional<UUID> made = found(index -> regionOf(index, device));
        if (made.isPresent()) {
          return made.get();
        }
        Status answer =
            configNode.call(leader -> leader.createDatabase(new CreateDatabaseReq(database, true)));
        cache.refresh();
        return regionOf(cache.index(), device).orElseThrow(() -> refusal(database, answer));
      }
    } finally {
      creating.remove(database, lock);
    }
  }

  private static StatusException refusal(String database, Status answer) {
    return answer.getCode() == StatusCode.SUCCESS
        ? noDatabase("Database " + database + " was dropped as soon as it was created")
        : new StatusException(answer.getCode(), answer.getMessage());
  }

  /** The look-up's result, after fetching the catalog again when it found nothing at first. */
  private <T> Optional<T> found(Function<CatalogIndex, Optional<T>> lookUp) throws StatusException {
    Optional<T> found = lookUp.apply(cache.index());
    if (found.isPresent()) {
      return found;
    }
    cache.refresh();
    return lookUp.apply(cache.index());
  }

  private static Optional<UUID> regionOf(CatalogIndex index, String device) {
    return index.databaseOf(device).map(database -> index.regionOf(database, device));
  }

  private static String defaultDatabase(String device) throws StatusException {
    List<String> nodes;
    try {
      nodes = PathPattern.split(device);
    } catch (IllegalArgumentException e) {
      throw new StatusException(StatusCode.ILLEGAL_PATH, e.getMessage(), e);
    }
    if (nodes.size() < DEFAULT_DATABASE_NODES || !nodes.get(0).equals("root")) {
      throw new StatusException(StatusCode.ILLEGAL_PATH, device + " is not a legal path");
    }
    return String.join(".", nodes.subList(0, DEFAULT_DATABASE_NODES));
  }

  private static StatusException noDatabase(String text) {
    return new StatusException(StatusCode.DATABASE_NOT_EXIST, text);
  }
}
