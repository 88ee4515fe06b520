package io.sluice.common.net;

import io.sluice.common.time.MonotonicClock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Cuts remote calls that are not worth waiting for any more, by closing their connections: a thread
 * that writes to a process that is stopped would else never come back, however short its time-out
 * for reading. One daemon thread, from the first call until {@link #close}. Thread-safe.
 */
final class CallWatch implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 100;

  private final MonotonicClock clock;
  private final Set<Watched> calls = ConcurrentHashMap.newKeySet();
  private Thread thread;
  private volatile boolean closed;

  CallWatch(MonotonicClock clock) {
    this.clock = clock;
  }

  /** A call under way; ended by the caller, perhaps cut before. */
  final class Watched implements AutoCloseable {
    private final long startedAtMs = clock.nowMs();
    private final InternalClients.Patience patience;
    private final Runnable cutting;
    private volatile boolean cut;

    private Watched(InternalClients.Patience patience, Runnable cutting) {
      this.patience = patience;
      this.cutting = cutting;
    }

    /** True when it failed because it was cut. */
    boolean cut() {
      return cut;
    }

    long waitedMs() {
      return clock.nowMs() - startedAtMs;
    }

    private void look() {
      if (!cut && patience.over(waitedMs())) {
        cut = true;
        cutting.run();
      }
    }

    @Override
    public void close() {
      calls.remove(this);
    }
  }

  /**
   * @param patience asked every {@value #LOOK_EVERY_MS} ms, until it is over
   * @param cutting then run once; makes the call fail; must not block
   */
  Watched watch(InternalClients.Patience patience, Runnable cutting) {
    Watched call = new Watched(patience, cutting);
    calls.add(call);
    start();
    return call;
  }

  private synchronized void start() {
    if (thread == null && !closed) {
      thread = new Thread(this::run, "call-watch");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    try {
      while (!closed) {
        calls.forEach(Watched::look);
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
