package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.store.IncomingImage;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the leader's durable image for a replica whose next entry the leader's log has no more.
 * When it fails the leader's next notice starts it anew. One at a time: Ratis sees to that.
 */
final class ImagePull {
  private static final Logger LOG = LoggerFactory.getLogger(ImagePull.class);

  /** A copy that fails is tried again after this. */
  private static final long PAUSE_MS = 2_000;

  /** And said no more often than this. */
  private static final long SAY_MS = 60_000;

  private final UUID region;
  private final IncomingImage incoming;
  private final PeerReplicas peers;
  private final Executor copies;
  private final MonotonicClock clock;
  private final NextIndex next;
  private volatile long notBeforeMs = Long.MIN_VALUE;
  private volatile long silentUntilMs = Long.MIN_VALUE;

  /** The log index this replica needs next. */
  interface NextIndex {
    long get() throws IOException;
  }

  ImagePull(
      UUID region,
      IncomingImage incoming,
      PeerReplicas peers,
      Executor copies,
      MonotonicClock clock,
      NextIndex next) {
    this.region = region;
    this.incoming = incoming;
    this.peers = peers;
    this.copies = copies;
    this.clock = clock;
    this.next = next;
  }

  /** See {@link RegionStateMachine.Host#becomeLike}. Does not block. */
  CompletableFuture<TermIndex> from(int leader, long firstIndex) {
    if (clock.nowMs() < notBeforeMs) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return CompletableFuture.supplyAsync(() -> pull(leader, firstIndex), copies);
    } catch (RejectedExecutionException e) {
      LOG.debug("Region {}: no thread is free to copy an image", region, e);
      return CompletableFuture.completedFuture(null);
    }
  }

  private TermIndex pull(int leader, long firstIndex) {
    try {
      if (next.get() >= firstIndex) {
        return null;
      }
      LOG.info(
          "Region {}: copying the image of DataNode {}, whose log begins at {}",
          region,
          leader,
          firstIndex);
      peers.copyImage(region, leader, incoming.begin());
      RegionImage image = incoming.publish();
      LOG.info("Region {}: the image as of log index {} arrived", region, image.index());
      return TermIndex.valueOf(image.term(), image.index());
    } catch (IOException | RuntimeException e) {
      long nowMs = clock.nowMs();
      notBeforeMs = nowMs + PAUSE_MS;
      if (nowMs >= silentUntilMs) {
        silentUntilMs = nowMs + SAY_MS;
        LOG.warn(
            "Region {}: the image of DataNode {} could not be copied; trying again",
            region,
            leader,
            e);
      }
      throw new CompletionException(e);
    }
  }
}
