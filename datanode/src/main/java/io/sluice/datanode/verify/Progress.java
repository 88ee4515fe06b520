package io.sluice.datanode.verify;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.ApplyResult;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a pipe has shipped what is in a region. Thread-safe. */
public final class Progress {
  /** For a pipe that is not far behind; of one that is there is nothing to be said yet. */
  static final long WAIT_MS_MAX = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final long LOOK_EVERY_MS = 100;

  private final Feeds feeds;
  private final MonotonicClock clock;

  /** How far the feeds of one pipe are. */
  public interface Feeds {
    /** Empty while no feed of the region is known. May block. */
    Optional<Feed> of(UUID region) throws StatusException;
  }

  /**
   * @param position all up to it is applied at the receiver
   * @param receiver its address in use, or tried
   * @param health what is wrong; empty for nothing
   */
  public record Feed(long position, Frame.Address receiver, String health) {}

  Progress(Feeds feeds, MonotonicClock clock) {
    this.feeds = feeds;
    this.clock = clock;
  }

  Optional<Feed> of(UUID region) throws StatusException {
    return feeds.of(region);
  }

  /** Where the region's feed reaches the receiver now; empty when that cannot be said. */
  List<Frame.Address> receivers(UUID region) {
    try {
      return feeds.of(region).map(Feed::receiver).stream().toList();
    } catch (StatusException e) {
      LOG.debug("no feed of region {}", region, e);
      return List.of();
    }
  }

  /**
   * Returns once all that is in the region now is at the receiver.
   *
   * @throws StatusException when that takes too long, saying how far the pipe is
   */
  void awaitShipped(RegionAccess region) throws StatusException {
    // The leader's word, not a feed's: that may be of a leader who has been deposed.
    ApplyResult flushed = region.flush().join();
    if (!(flushed instanceof ApplyResult.Applied last)) {
      throw refused("the region cannot be sealed: " + flushed);
    }
    long deadlineMs = clock.nowMs() + WAIT_MS_MAX;
    Optional<Feed> feed = feeds.of(region.id());
    while (feed.isEmpty() || feed.get().position() < last.index()) {
      if (clock.nowMs() >= deadlineMs) {
        throw refused(tooLong(feed, last.index()));
      }
      pause();
      feed = feeds.of(region.id());
    }
  }

  private static String tooLong(Optional<Feed> feed, long wanted) {
    return feed.map(
            now ->
                "the pipe has not shipped within "
                    + WAIT_MS_MAX / 1_000
                    + " s what is there: it is at index "
                    + now.position()
                    + " of "
                    + wanted
                    + (now.health().isEmpty() ? "" : " (" + now.health() + ")"))
        .orElse("no DataNode ships it");
  }

  private static void pause() throws StatusException {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("this node is closing");
    }
  }

  private static StatusException refused(String why) {
    return new StatusException(StatusCode.PIPE_ERROR, why);
  }
}
