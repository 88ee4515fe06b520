package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.path.SeriesSlot;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.cluster.ScrubbedCluster;
import io.sluice.datanode.verify.PipeVerifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.thrift.TException;

/** A cluster of one ConfigNode and two DataNodes in maps; each database has two regions. */
public final class FakeCluster implements ClusterRegions {
  public static final long NOW_MS = 1_795_410_145_373L;
  private static final int SLOTS = 10_000;
  private static final int REGIONS_PER_DATABASE = 2;

  public final FakeConfigNode configNode = new FakeConfigNode(this);
  public final List<ReceivedPipe> received = new ArrayList<>();
  public final Map<String, List<FakeRegion>> databases = new LinkedHashMap<>();
  public final List<ScrubbedCluster.Replica> scrubbed = new ArrayList<>();
  public final List<String> scrubs = new ArrayList<>();
  public int refreshes;
  public int reloads;
  public List<String> takeRestart = List.of();
  private int regionIds;

  public StatementExecutor executor() {
    return new StatementExecutor(
        new StatementExecutor.Ports(
            this,
            new Client(),
            () -> List.copyOf(received),
            this::reload,
            verifier(),
            (regions, onlyHere) -> {
              scrubs.add(regions + (onlyHere ? " here" : ""));
              return List.copyOf(scrubbed);
            }),
        StatementExecutor.Options.defaults(),
        clock());
  }

  private PipeVerifier verifier() {
    return new PipeVerifier(
        (pipe, region, database, alsoAt) -> {
          throw new StatusException(StatusCode.PIPE_ERROR, "nobody receives here");
        },
        (region, parts, without) -> Optional.empty(),
        new Expiry(this::catalog, clock()),
        MonotonicClock.SYSTEM);
  }

  private List<String> reload() {
    reloads++;
    return takeRestart;
  }

  private static WallClock clock() {
    return () -> NOW_MS;
  }

  /** All regions' entries of one kind. */
  public <E> List<E> entries(Class<E> kind) {
    return databases.values().stream()
        .flatMap(List::stream)
        .flatMap(region -> region.entries.stream())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  public int openScans() {
    return databases.values().stream()
        .flatMap(List::stream)
        .mapToInt(region -> region.openScans.get())
        .sum();
  }

  synchronized boolean create(String database) {
    if (databases.containsKey(database)) {
      return false;
    }
    List<FakeRegion> regions = new ArrayList<>();
    for (int i = 0; i < REGIONS_PER_DATABASE; i++) {
      regions.add(new FakeRegion());
    }
    databases.put(database, regions);
    return true;
  }

  /** By database; those without are for ever. */
  private final Map<String, Long> ttls = new HashMap<>();

  synchronized boolean setTtl(String database, long ttlMs) {
    if (ttlMs == 0) {
      ttls.remove(database);
    } else {
      ttls.put(database, ttlMs);
    }
    return databases.containsKey(database);
  }

  synchronized void drop(List<String> names) {
    databases.keySet().removeAll(names);
  }

  @Override
  public synchronized Catalog catalog() {
    regionIds = 0;
    List<DatabaseInfo> infos = new ArrayList<>();
    List<RegionInfo> regions = new ArrayList<>();
    databases.forEach(
        (name, members) -> {
          List<Integer> ids = new ArrayList<>();
          for (FakeRegion region : members) {
            int id = regionIds++;
            ids.add(id);
            regions.add(
                new RegionInfo(id, region.id().toString(), name, List.of(1 + id % 2), NOW_MS));
          }
          DatabaseInfo info = new DatabaseInfo(name, 1, 1, ids, NOW_MS);
          infos.add(ttls.containsKey(name) ? info.setTtlMs(ttls.get(name)) : info);
        });
    return new Catalog(
        1,
        "3f0e4d6a-0000-4000-8000-000000000001",
        "defaultCluster",
        SLOTS,
        List.of(dataNode(1, 6667), dataNode(2, 6669)),
        List.of(
            new ConfigNodeLocation(
                0, new Endpoint("127.0.0.1", 10_710), new Endpoint("127.0.0.1", 10_720))),
        infos,
        regions);
  }

  private static DataNodeLocation dataNode(int id, int clientPort) {
    return new DataNodeLocation(
        id,
        new Endpoint("127.0.0.1", clientPort),
        new Endpoint("127.0.0.1", 10_728 + 2 * id),
        new Endpoint("127.0.0.1", 10_758 + 2 * id));
  }

  @Override
  public synchronized List<String> databasesOf(List<PathPattern> patterns) {
    return databases.keySet().stream()
        .filter(
            name ->
                patterns.stream()
                    .anyMatch(pattern -> pattern.couldMatchBelow(PathPattern.split(name))))
        .toList();
  }

  @Override
  public synchronized List<RegionAccess> regions(String database) {
    return List.copyOf(databases.get(database));
  }

  @Override
  public synchronized RegionAccess regionOf(String device) throws StatusException {
    for (Map.Entry<String, List<FakeRegion>> database : databases.entrySet()) {
      if ((device + ".").startsWith(database.getKey() + ".")) {
        return database.getValue().get(SeriesSlot.of(device, SLOTS) % REGIONS_PER_DATABASE);
      }
    }
    throw new StatusException(StatusCode.DATABASE_NOT_EXIST, "no database holds " + device);
  }

  @Override
  public synchronized RegionAccess regionForWriting(String device) throws StatusException {
    try {
      return regionOf(device);
    } catch (StatusException e) {
      create(String.join(".", PathPattern.split(device).subList(0, 2)));
      return regionOf(device);
    }
  }

  @Override
  public void refresh() {
    refreshes++;
  }

  private final class Client implements ConfigNodeClient {
    @Override
    public <T> T call(Call<T> call) throws StatusException {
      try {
        return call.run(configNode);
      } catch (TException e) {
        throw new StatusException(StatusCode.INTERNAL_ERROR, "no ConfigNode answers", e);
      }
    }

    @Override
    public void close() {}
  }
}
