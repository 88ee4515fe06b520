package io.sluice.datanode.pipe;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.sync.receiver.port.DatabaseImpossibleException;
import io.sluice.sync.receiver.port.HeldDigests;
import io.sluice.sync.receiver.port.RottenFiles;
import io.sluice.sync.receiver.port.TargetCluster;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This cluster as a receiver: databases by the catalog, regions by their leaders. Thread-safe. */
public final class CatalogTargets implements TargetCluster {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  /** "On all addresses of this machine": to anybody else it means his own. */
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private final ClusterRegions regions;
  private final ConfigNodeClient configNode;
  private final TargetCalls calls;
  private final Path scratch;

  /**
   * @param scratch folder for rows that are brought for rotten files
   */
  public CatalogTargets(
      ClusterRegions regions, ConfigNodeClient configNode, MonotonicClock clock, Path scratch) {
    this.scratch = scratch;
    this.regions = regions;
    this.configNode = configNode;
    this.calls = new TargetCalls(clock);
  }

  @Override
  public UUID clusterId() {
    return UUID.fromString(regions.catalog().getClusterId());
  }

  @Override
  public List<Frame.Address> clientAddresses() {
    return named(regions.catalog().getDataNodes());
  }

  static List<Frame.Address> named(List<DataNodeLocation> nodes) {
    return nodes.stream()
        .filter(node -> !WILDCARDS.contains(node.getClient().getHost()))
        .map(node -> new Frame.Address(node.getClient().getHost(), node.getClient().getPort()))
        .toList();
  }

  @Override
  public HeldDigests digests(UUID sender) {
    return new CatalogDigests(regions, sender);
  }

  @Override
  public RottenFiles rotten() {
    return new CatalogRotten(regions, scratch);
  }

  @Override
  public String ensureDatabase(String name)
      throws TargetUnavailableException, DatabaseImpossibleException {
    Optional<String> existing;
    try {
      existing = existingDatabase(name);
    } catch (IllegalArgumentException e) {
      throw new DatabaseImpossibleException("database " + name + ": not a legal path");
    }
    if (existing.isPresent()) {
      LOG.info("{} already been created as database", existing.get());
      return existing.get();
    }
    Status answer;
    try {
      answer = configNode.call(leader -> leader.createDatabase(new CreateDatabaseReq(name, true)));
      regions.refresh();
    } catch (StatusException e) {
      throw new TargetUnavailableException("database " + name + ": " + e.getMessage(), e);
    }
    Optional<String> made = holding(name);
    if (made.isPresent()) {
      LOG.info("created database {} as at the sender", made.get());
      return made.get();
    }
    if (answer.getCode() == StatusCode.DATABASE_ALREADY_EXISTS) {
      throw new DatabaseImpossibleException("database " + name + ": " + answer.getMessage());
    }
    throw new TargetUnavailableException("database " + name + ": " + answer.getMessage());
  }

  @Override
  public Optional<String> existingDatabase(String name) throws TargetUnavailableException {
    Optional<String> known = holding(name);
    if (known.isPresent()) {
      return known;
    }
    try {
      regions.refresh();
    } catch (StatusException e) {
      throw new TargetUnavailableException("the catalog: " + e.getMessage(), e);
    }
    return holding(name);
  }

  /** An equal or ancestor database. */
  private Optional<String> holding(String name) {
    List<String> nodes = PathPattern.split(name);
    return regions.catalog().getDatabases().stream()
        .map(DatabaseInfo::getName)
        .filter(
            database -> {
              List<String> prefix = PathPattern.split(database);
              return prefix.size() <= nodes.size()
                  && nodes.subList(0, prefix.size()).equals(prefix);
            })
        .findFirst();
  }

  @Override
  public List<TargetRegion> targets(String database) throws TargetUnavailableException {
    List<RegionAccess> dealt;
    try {
      dealt = new ArrayList<>(regions.regions(database));
    } catch (StatusException e) {
      throw new TargetUnavailableException("database " + database + ": " + e.getMessage(), e);
    }
    Catalog catalog = regions.catalog();
    Map<UUID, Integer> ids = new HashMap<>();
    for (RegionInfo region : catalog.getRegions()) {
      ids.put(UUID.fromString(region.getUuid()), region.getId());
    }
    if (!ids.keySet().containsAll(dealt.stream().map(RegionAccess::id).toList())) {
      throw new TargetUnavailableException("database " + database + " is changing");
    }
    dealt.sort(Comparator.comparing(region -> ids.get(region.id())));
    return dealt.stream().<TargetRegion>map(region -> new RoutedTarget(region, calls)).toList();
  }
}
