package io.sluice.datanode.region.host;

import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.manifest.ManifestDamagedException;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts regions again whose Raft server has ended by itself: the disk was full, or an entry could
 * not be carried out. Each failure doubles the pause before the next try. What only an operator can
 * mend, a log or manifest that cannot be read, is left until the node starts again.
 */
final class Revivals {
  private static final Logger LOG = LoggerFactory.getLogger(Revivals.class);
  private static final long PAUSE_MS_MIN = 1_000;
  private static final long PAUSE_MS_MAX = 60_000;

  /** A region that ran for this long is well again. */
  private static final long WELL_AFTER_MS = 120_000;

  private final RaftGroupServer raft;
  private final Start start;
  private final Executor executor;
  private final Map<UUID, Try> tries = new ConcurrentHashMap<>();

  /** Starts a region again. Blocks. */
  interface Start {
    void again(UUID id) throws IOException;
  }

  private static final class Try {
    private long pauseMs = PAUSE_MS_MIN;
    private long atMs = Long.MIN_VALUE;
    private boolean running;
    private boolean hopeless;
  }

  /**
   * @param executor one at a time
   */
  Revivals(RaftGroupServer raft, Start start, Executor executor) {
    this.raft = raft;
    this.start = start;
    this.executor = executor;
  }

  /** Now and then, on one thread: has the region started again when it does not run. */
  void check(UUID id, long nowMs) {
    if (raft.runs(id)) {
      tries.computeIfPresent(
          id, (same, was) -> !was.running && nowMs - was.atMs > WELL_AFTER_MS ? null : was);
      return;
    }
    Try now = tries.computeIfAbsent(id, first -> new Try());
    synchronized (now) {
      if (now.running || now.hopeless) {
        return;
      }
      if (now.atMs == Long.MIN_VALUE) {
        now.atMs = nowMs + now.pauseMs;
        LOG.warn("Region {}: its Raft server has ended; starting it again", id);
      }
      if (nowMs < now.atMs) {
        return;
      }
      now.running = true;
    }
    try {
      executor.execute(() -> revive(id, now, nowMs));
    } catch (RejectedExecutionException e) {
      LOG.debug("The host is closing", e);
    }
  }

  private void revive(UUID id, Try now, long nowMs) {
    try {
      start.again(id);
      LOG.info("Region {}: runs again", id);
    } catch (IOException | RuntimeException e) {
      boolean hopeless = hopeless(e);
      synchronized (now) {
        now.hopeless = hopeless;
      }
      if (hopeless) {
        LOG.error(
            "Region {}: stays down until this node is started again: its files cannot be read",
            id,
            e);
      } else {
        LOG.warn("Region {}: does not start; trying again in {} ms", id, now.pauseMs, e);
      }
    } finally {
      synchronized (now) {
        now.pauseMs = Math.min(now.pauseMs * 2, PAUSE_MS_MAX);
        now.atMs = nowMs + now.pauseMs;
        now.running = false;
      }
    }
  }

  private static boolean hopeless(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptedFileException
          || cause instanceof ChecksumException
          || cause instanceof ManifestDamagedException
          || cause instanceof RegionRefusedException) {
        return true;
      }
    }
    return false;
  }
}
