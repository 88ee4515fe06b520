package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.mend.Mends;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.region.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to all regions of the cluster, from one DataNode. Thread-safe. */
public final class RegionRoutes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegionRoutes.class);

  /** Many calls that look for one leader need not all fetch the catalog. */
  private static final long REFRESH_EVERY_MS = 200;

  private final Local local;
  private final CatalogCache catalog;
  private final Options options;
  private final MonotonicClock clock;
  private final InternalClients<DataNodeService.Client> clients;
  private final ThreadPoolExecutor executor;
  private final KnownLeaders leaders;
  private final LeaderProbe probe;
  private final AtomicLong refreshedAtMs;
  private volatile CatalogIndex pruned;

  /**
   * @param connectTimeoutMs for opening a connection to another DataNode
   * @param answerTimeoutMs for one answer of another DataNode
   * @param movedMs how long a leader is looked for, of a region that is not led where it was
   * @param pauseMs between two looks around
   * @param suspectMs a node that has not answered for so long is suspected: the other replicas are
   *     asked whether another one leads by now
   * @param threads calls to other DataNodes under way at once that nobody waits for
   * @param queuedMax such calls waiting for a thread; more are refused
   */
  public record Options(
      int connectTimeoutMs,
      int answerTimeoutMs,
      long movedMs,
      long pauseMs,
      long suspectMs,
      int threads,
      int queuedMax) {
    public static final Options DEFAULT = new Options(1_000, 30_000, 10_000, 50, 1_000, 32, 1_024);
  }

  /**
   * What of this node the routes need.
   *
   * @param disk says when writes are not taken
   * @param mends what senders bring for rotten files
   */
  public record Local(
      int nodeId,
      LocalRegions regions,
      RegionReader reader,
      EntryBytes entryBytes,
      DiskSpace disk,
      Mends mends) {}

  public RegionRoutes(Local local, CatalogCache catalog, Options options, MonotonicClock clock) {
    this.local = local;
    this.catalog = catalog;
    this.options = options;
    this.clock = clock;
    this.leaders = new KnownLeaders(options.movedMs(), clock);
    this.refreshedAtMs = new AtomicLong(clock.nowMs() - REFRESH_EVERY_MS);
    this.pruned = catalog.index();
    this.clients =
        new InternalClients<>(
            new DataNodeService.Client.Factory(),
            options.connectTimeoutMs(),
            options.answerTimeoutMs());
    this.probe = new LeaderProbe(this, leaders, clock);
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

  int self() {
    return local.nodeId();
  }

  boolean ledHere(UUID region) {
    return local.regions().find(region).filter(Region::leads).isPresent();
  }

  LocalReplica local(UUID region) {
    return new LocalReplica(region, local);
  }

  /** The region's replica at that node. */
  Replica replica(UUID region, DataNodeLocation node) {
    if (node.getId() == local.nodeId()) {
      return local(region);
    }
    boolean others = replicas(region).size() > 1;
    return new RemoteReplica(
        region,
        node,
        this,
        others ? probe.patience(region, node.getId()) : waitedMs -> false,
        others);
  }

  /**
   * The nodes that hold the region, the likeliest leader first: this node if it leads, whom its own
   * replica takes for the leader, who led last, then as the catalog says; those that have just not
   * answered are last. Empty when the catalog does not know the region.
   */
  List<DataNodeLocation> likeliestFirst(UUID region) {
    prune();
    List<DataNodeLocation> replicas = replicas(region);
    if (replicas.size() <= 1) {
      return replicas;
    }
    List<Integer> likely = new ArrayList<>();
    if (ledHere(region)) {
      likely.add(local.nodeId());
    }
    local(region).leaderElsewhere().ifPresent(likely::add);
    leaders.leader(region).ifPresent(likely::add);
    Set<DataNodeLocation> order = new LinkedHashSet<>();
    likely.forEach(id -> dataNode(id).ifPresent(order::add));
    order.addAll(replicas);
    List<DataNodeLocation> sorted = new ArrayList<>(order);
    sorted.sort(Comparator.comparing(node -> leaders.isSilent(node.getId())));
    return sorted;
  }

  List<DataNodeLocation> replicas(UUID region) {
    return catalog.index().place(region).map(CatalogIndex.Place::replicas).orElse(List.of());
  }

  Optional<DataNodeLocation> dataNode(int id) {
    return catalog.index().dataNode(id);
  }

  void leads(UUID region, int node) {
    leaders.leads(region, node);
  }

  void doesNotLead(UUID region, int node, boolean unanswered) {
    leaders.doesNotLead(region, node);
    if (unanswered) {
      leaders.silent(node);
    }
  }

  boolean leaderlessTooLong(UUID region) {
    return leaders.leaderlessTooLong(region);
  }

  /** Regions that were dropped are forgotten with their catalog. */
  private void prune() {
    CatalogIndex now = catalog.index();
    if (now != pruned) {
      pruned = now;
      leaders.keepOnly(now.regions());
    }
  }

  /**
   * Fetches the catalog again, unless that was done a moment ago; when it fails the present copy is
   * looked at once more.
   *
   * @throws StatusException code 500 when the newest catalog does not have the region: it was
   *     dropped
   */
  void refreshCatalog(UUID region) throws StatusException {
    long nowMs = clock.nowMs();
    long before = refreshedAtMs.get();
    if (nowMs - before < REFRESH_EVERY_MS || !refreshedAtMs.compareAndSet(before, nowMs)) {
      return;
    }
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

  EntryBytes entryBytes() {
    return local.entryBytes();
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
    probe.close();
    clients.close();
  }
}
