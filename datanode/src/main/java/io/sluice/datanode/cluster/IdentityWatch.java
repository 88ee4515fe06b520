package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that another process has taken this node's place: one that was started on a copy of its
 * folder while this one could not be reached. The ConfigNodes then speak to that one only. A node
 * that no ConfigNode has spoken to for a while asks whether it is still who it says, and is told to
 * end if not. While no ConfigNode answers it goes on. One daemon thread.
 */
public final class IdentityWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityWatch.class);

  private final Confirmation confirmation;
  private final Options options;
  private final MonotonicClock clock;
  private final Consumer<String> onRefused;
  private final AtomicLong heardAtMs;
  private final Thread thread;
  private volatile boolean closed;

  /** Asks the leading ConfigNode, see {@link ClusterMembership#confirm}. */
  @FunctionalInterface
  public interface Confirmation {
    /** Null when this node is who it says; else why not. */
    String refusal() throws StatusException;
  }

  /**
   * @param silenceMsMax without a heartbeat for so long, a ConfigNode is asked
   * @param lookEveryMs how often that is looked at
   */
  public record Options(long silenceMsMax, long lookEveryMs) {
    public static final Options DEFAULT = new Options(10_000, 1_000);
  }

  /**
   * @param onRefused told why, once; must not wait for {@link #close}
   */
  public IdentityWatch(
      Confirmation confirmation,
      Options options,
      MonotonicClock clock,
      Consumer<String> onRefused) {
    this.confirmation = confirmation;
    this.options = options;
    this.clock = clock;
    this.onRefused = onRefused;
    this.heardAtMs = new AtomicLong(clock.nowMs());
    this.thread = new Thread(this::run, "identity-watch");
    thread.setDaemon(true);
  }

  /** From the time when other nodes can reach this one. */
  public IdentityWatch start() {
    heard();
    thread.start();
    return this;
  }

  /** A ConfigNode of this cluster has just spoken to this process. */
  public void heard() {
    heardAtMs.set(clock.nowMs());
  }

  private void run() {
    try {
      while (!closed && !refused()) {
        TimeUnit.MILLISECONDS.sleep(options.lookEveryMs());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private boolean refused() {
    if (clock.nowMs() - heardAtMs.get() < options.silenceMsMax()) {
      return false;
    }
    try {
      String refusal = confirmation.refusal();
      if (refusal != null && !closed) {
        onRefused.accept(refusal);
        return true;
      }
      heard();
    } catch (StatusException e) {
      LOG.warn(
          "No ConfigNode has spoken to this node for {} ms, nor does one answer: {}",
          clock.nowMs() - heardAtMs.get(),
          e.getMessage());
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
