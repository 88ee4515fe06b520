package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.read.RegionReader;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to all regions of the cluster, from one DataNode. Thread-safe. */
public final class RegionRoutes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegionRoutes.class);

  private final int selfId;
  private final CatalogCache catalog;
  private final LocalRegions localRegions;
  private final RegionReader reader;
  private final EntryBytes entryBytes;
  private final BooleanSupplier readOnly;
  private final Options options;
  private final MonotonicClock clock;
  private final InternalClients<DataNodeService.Client> clients;
  private final ThreadPoolExecutor executor;

  /**
   * @param connectTimeoutMs for opening a connection to another DataNode
   * @param answerTimeoutMs for one answer of another DataNode
   * @param movedMs how long a region is looked for that is not where the catalog says
   * @param pauseMs between two looks
   * @param threads calls to other DataNodes under way at once that nobody waits for
   * @param queuedMax such calls waiting for a thread; more are refused
   */
  public record Options(
      int connectTimeoutMs,
      int answerTimeoutMs,
      long movedMs,
      long pauseMs,
      int threads,
      int queuedMax) {
    public static final Options DEFAULT = new Options(1_000, 30_000, 10_000, 50, 32, 1_024);
  }

  /** What of this node the routes need. */
  public record Local(
      int nodeId,
      LocalRegions regions,
      RegionReader reader,
      EntryBytes entryBytes,
      BooleanSupplier readOnly) {}

  public RegionRoutes(Local local, CatalogCache catalog, Options options, MonotonicClock clock) {
    this.selfId = local.nodeId();
    this.localRegions = local.regions();
    this.reader = local.reader();
    this.entryBytes = local.entryBytes();
    this.readOnly = local.readOnly();
    this.catalog = catalog;
    this.options = options;
    this.clock = clock;
    this.clients =
        new InternalClients<>(
            new DataNodeService.Client.Factory(),
            options.connectTimeoutMs(),
            options.answerTimeoutMs());
    AtomicInteger counter = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            options.threads(),
            options.threads(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(options.queuedMax()),
            task -> {
              Thread thread = new Thread(task, "region-call-" + counter.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.executor.allowCoreThreadTimeOut(true);
  }

  /** The way to a region; nothing is asked before it is used. */
  public RegionAccess to(UUID region) {
    return new RoutedRegion(region, this);
  }

  /**
   * The replica to try.
   *
   * @param attempt 0 for the preferred leader, then the others in turn
   * @throws StatusException code 1192 when the catalog does not know the region
   */
  Replica replica(UUID region, int attempt) throws StatusException {
    List<DataNodeLocation> replicas =
        catalog.index().place(region).map(CatalogIndex.Place::replicas).orElse(List.of());
    if (replicas.isEmpty()) {
      throw new StatusException(
          StatusCode.REGION_NOT_HERE, "Region " + region + " is not in the catalog");
    }
    DataNodeLocation node = replicas.get(attempt % replicas.size());
    return node.getId() == selfId
        ? new LocalReplica(region, localRegions, reader, readOnly)
        : new RemoteReplica(region, node, clients, entryBytes, executor);
  }

  /**
   * Fetches the catalog again; when that fails the present copy is looked at once more.
   *
   * @throws StatusException code 500 when the newest catalog does not have the region: it was
   *     dropped
   */
  void refreshCatalog(UUID region) throws StatusException {
    try {
      catalog.refresh();
    } catch (StatusException e) {
      LOG.debug("catalog not refreshed", e);
      return;
    }
    if (catalog.index().place(region).isEmpty()) {
      throw new StatusException(
          StatusCode.DATABASE_NOT_EXIST, "The database of region " + region + " was dropped");
    }
  }

  Options options() {
    return options;
  }

  MonotonicClock clock() {
    return clock;
  }

  Executor executor() {
    return executor;
  }

  InternalClients<DataNodeService.Client> clients() {
    return clients;
  }

  @Override
  public void close() {
    executor.shutdownNow();
    clients.close();
  }
}
