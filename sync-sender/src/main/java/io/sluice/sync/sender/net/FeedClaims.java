package io.sluice.sync.sender.net;

import io.sluice.sync.sender.PipeSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which pipe feeds which receiver cluster from which region: one at a time, the first until it is
 * dropped. Whoever asks first, the older of two running pipes is the first: a newer one gives way
 * to it when both have one sink, or are known to lead to one cluster, and waits a little for an
 * older one that has not found its receiver yet. Thread-safe.
 */
public final class FeedClaims {
  /** For which a newer pipe waits until an older one knows its receiver. */
  static final long SETTLE_MS_MAX = 10_000;

  private record Feed(UUID region, UUID receiverCluster) {}

  private final Map<Feed, PipeSpec> holders = new HashMap<>();

  /** By number. */
  private final SortedMap<Long, Running> running = new TreeMap<>();

  private static final class Running {
    final PipeSpec pipe;
    final long sinceMs;
    final Set<UUID> receiverClusters = new HashSet<>();

    /** Its receiver has seen a newer pipe, and lets it in no more. */
    boolean tooOld;

    Running(PipeSpec pipe, long sinceMs) {
      this.pipe = pipe;
      this.sinceMs = sinceMs;
    }

    boolean sharesSink(PipeSpec other) {
      return pipe.host().equals(other.host()) && pipe.port() == other.port();
    }
  }

  /** What became of a claim. */
  sealed interface Claim {
    record Granted() implements Claim {}

    record Taken(PipeSpec by) implements Claim {}

    /** Not known yet: ask again soon. */
    record Unsettled() implements Claim {}
  }

  /** The pipe is started. */
  public synchronized void runs(PipeSpec pipe, long nowMs) {
    running.putIfAbsent(pipe.number(), new Running(pipe, nowMs));
  }

  /** The pipe is stopped: what it holds it keeps. */
  public synchronized void rests(long pipeNumber) {
    running.remove(pipeNumber);
  }

  synchronized Claim claim(UUID region, UUID receiverCluster, PipeSpec pipe, long nowMs) {
    Feed feed = new Feed(region, receiverCluster);
    Running self = running.get(pipe.number());
    if (self != null) {
      self.receiverClusters.add(receiverCluster);
    }
    PipeSpec holder = holders.get(feed);
    if (holder != null) {
      return holder.number() == pipe.number() ? new Claim.Granted() : new Claim.Taken(holder);
    }
    boolean unsettled = false;
    for (Running older : running.headMap(pipe.number()).values()) {
      if (older.tooOld) {
        continue;
      }
      if (older.sharesSink(pipe) || older.receiverClusters.contains(receiverCluster)) {
        return new Claim.Taken(older.pipe);
      }
      unsettled |= older.receiverClusters.isEmpty() && nowMs - older.sinceMs < SETTLE_MS_MAX;
    }
    if (unsettled) {
      return new Claim.Unsettled();
    }
    holders.put(feed, pipe);
    return new Claim.Granted();
  }

  /** The receiver refuses the pipe because it has seen a newer one from there. */
  synchronized void tooOld(long pipeNumber) {
    Optional.ofNullable(running.get(pipeNumber)).ifPresent(pipe -> pipe.tooOld = true);
    holders.values().removeIf(holder -> holder.number() == pipeNumber);
  }

  /** The pipe is dropped. */
  public synchronized void release(long pipeNumber) {
    running.remove(pipeNumber);
    holders.values().removeIf(holder -> holder.number() == pipeNumber);
  }
}
