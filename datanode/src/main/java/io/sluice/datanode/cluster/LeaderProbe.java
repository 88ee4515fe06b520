package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.SeriesQuery;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.MonotonicClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a leader that is slow from one that is dead: while a call waits for its answer, the other
 * replicas are asked who leads. A call is given up only once another node was found to lead, never
 * because a time is over, so that a leader under load is not sent everything twice. One look per
 * region at a time, however many calls wait. Thread-safe.
 */
final class LeaderProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderProbe.class);
  private static final int CONNECT_MS_MAX = 500;
  private static final int ANSWER_MS_MAX = 1_500;
  private static final int THREADS = 4;
  private static final int QUEUED_MAX = 64;

  private final RegionRoutes routes;
  private final KnownLeaders leaders;
  private final MonotonicClock clock;
  private final InternalClients<DataNodeService.Client> clients =
      new InternalClients<>(new DataNodeService.Client.Factory(), CONNECT_MS_MAX, ANSWER_MS_MAX);
  private final Map<UUID, Boolean> looking = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor executor;

  LeaderProbe(RegionRoutes routes, KnownLeaders leaders, MonotonicClock clock) {
    this.routes = routes;
    this.leaders = leaders;
    this.clock = clock;
    this.executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_MAX),
            task -> {
              Thread thread = new Thread(task, "leader-probe");
              thread.setDaemon(true);
              return thread;
            },
            (task, pool) -> ((Look) task).over()); // looked for at the next asking
    this.executor.allowCoreThreadTimeOut(true);
  }

  /** For a call to {@code node}, beginning now. */
  InternalClients.Patience patience(UUID region, int node) {
    long startedAtMs = clock.nowMs();
    return waitedMs -> {
      if (waitedMs < routes.options().suspectMs()) {
        return false;
      }
      if (leaders.foundElsewhere(region, node, startedAtMs)) {
        return true;
      }
      if (looking.putIfAbsent(region, true) == null) {
        executor.execute(new Look(region, node));
      }
      return false;
    };
  }

  private final class Look implements Runnable {
    private final UUID region;
    private final int suspect;

    private Look(UUID region, int suspect) {
      this.region = region;
      this.suspect = suspect;
    }

    private void over() {
      looking.remove(region);
    }

    @Override
    public void run() {
      try {
        look();
      } finally {
        over();
      }
    }

    private void look() {
      if (routes.ledHere(region)) {
        found(routes.self());
        return;
      }
      Deque<Integer> toAsk = new ArrayDeque<>();
      Set<Integer> asked = new HashSet<>(Set.of(suspect, routes.self()));
      routes.local(region).leaderElsewhere().ifPresent(toAsk::add);
      for (DataNodeLocation node : routes.replicas(region)) {
        toAsk.add(node.getId());
      }
      while (!toAsk.isEmpty()) {
        int node = toAsk.pop();
        if (asked.add(node)) {
          Status answer = ask(node);
          if (answer.getCode() == StatusCode.SUCCESS) {
            found(node);
            return;
          }
          if (answer.isSetRegionLeader()) {
            toAsk.push(answer.getRegionLeader());
          }
        }
      }
    }

    private void found(int node) {
      LOG.info(
          "Region {} is led by DataNode {} now; DataNode {} does not answer",
          region,
          node,
          suspect);
      leaders.found(region, node);
    }

    /** Only the leader answers a question about series. */
    private Status ask(int id) {
      Status none = new Status(StatusCode.DISPATCH_ERROR, "");
      DataNodeLocation node = routes.dataNode(id).orElse(null);
      if (node == null) {
        return none;
      }
      Endpoint at = node.getInternal();
      try {
        SeriesQuery question = new SeriesQuery(region.toString(), List.of());
        return clients.callIdempotent(at, client -> client.findSeries(question).getStatus());
      } catch (TException e) {
        LOG.debug("DataNode {} does not say who leads region {}", id, region, e);
        return none;
      }
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    clients.close();
  }
}
