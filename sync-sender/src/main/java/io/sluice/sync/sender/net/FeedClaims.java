package io.sluice.sync.sender.net;

import io.sluice.sync.sender.PipeSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which pipe feeds which receiver cluster from which region: one at a time, the first until it is
 * dropped. Thread-safe.
 */
public final class FeedClaims {
  private record Feed(UUID region, UUID receiverCluster) {}

  private final Map<Feed, PipeSpec> holders = new HashMap<>();

  /** The pipe that has it; null when {@code pipe} has it now. */
  synchronized PipeSpec claim(UUID region, UUID receiverCluster, PipeSpec pipe) {
    PipeSpec holder = holders.putIfAbsent(new Feed(region, receiverCluster), pipe);
    return holder == null || holder.number() == pipe.number() ? null : holder;
  }

  /** The pipe is dropped. */
  public synchronized void release(long pipeNumber) {
    holders.values().removeIf(holder -> holder.number() == pipeNumber);
  }
}
