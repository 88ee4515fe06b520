package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.MonotonicClock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a leading ConfigNode that is busy from one that hangs: while a call waits for its answer,
 * the others are asked whether one of them leads. A call is given up only once another was found
 * to, never because a time is over: a statement that visits every DataNode may rightly take long.
 * One look at a time, however many calls wait. Thread-safe.
 */
final class SuccessorProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SuccessorProbe.class);
  private static final int CONNECT_MS_MAX = 500;
  private static final int ANSWER_MS_MAX = 1_500;

  private final Supplier<List<Endpoint>> configNodes;
  private final long suspectMs;
  private final MonotonicClock clock;
  private final InternalClients<ConfigNodeService.Client> clients =
      new InternalClients<>(new ConfigNodeService.Client.Factory(), CONNECT_MS_MAX, ANSWER_MS_MAX);
  private final ExecutorService executor =
      new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
  private volatile Found found;

  private record Found(Endpoint leader, long atMs) {}

  /**
   * @param suspectMs how long an answer may take before anybody else is asked
   */
  SuccessorProbe(Supplier<List<Endpoint>> configNodes, long suspectMs, MonotonicClock clock) {
    this.configNodes = configNodes;
    this.suspectMs = suspectMs;
    this.clock = clock;
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "successor-probe");
    thread.setDaemon(true);
    return thread;
  }

  private boolean succeeded(Endpoint node, long sinceMs) {
    Found now = found;
    return now != null && now.atMs() >= sinceMs && !now.leader().equals(node);
  }

  /** For a call to {@code node}, beginning now. */
  InternalClients.Patience patience(Endpoint node) {
    long startedAtMs = clock.nowMs();
    return waitedMs -> {
      if (waitedMs < suspectMs) {
        return false;
      }
      if (succeeded(node, startedAtMs)) {
        return true;
      }
      try {
        executor.execute(() -> look(node));
      } catch (RejectedExecutionException e) {
        LOG.trace("looked for already, or closed", e);
      }
      return false;
    };
  }

  private void look(Endpoint suspect) {
    for (Endpoint other : configNodes.get()) {
      if (!other.equals(suspect) && leads(other)) {
        LOG.info("ConfigNode {} leads now; {} does not answer", other, suspect);
        found = new Found(other, clock.nowMs());
        return;
      }
    }
  }

  private boolean leads(Endpoint node) {
    try {
      return clients.callIdempotent(node, client -> client.lead().getCode()) == StatusCode.SUCCESS;
    } catch (TException e) {
      LOG.debug("ConfigNode {} does not say whether it leads", node, e);
      return false;
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    clients.close();
  }
}
