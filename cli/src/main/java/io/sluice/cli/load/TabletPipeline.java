package io.sluice.cli.load;

import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.TabletSink;
import io.sluice.cli.server.UnreachableException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends tablets on one thread of its own, in order, while the caller builds the next. One
 * connection keeps the order of the file, and with it the last of two rows with one time stamp. To
 * be used by one thread.
 */
final class TabletPipeline implements AutoCloseable {
  /** Tablets that are built and not yet acknowledged. */
  static final int IN_FLIGHT_MAX = 2;

  private final TabletSink sink;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "tablet-sender");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong values = new AtomicLong();

  /** What became of everything sent so far: each task fails when the one before it failed. */
  private Future<?> last;

  TabletPipeline(TabletSink sink) {
    this.sink = sink;
  }

  /** Sends a tablet when its turn comes; waits while too many are under way. */
  void send(DeviceRows.Load load) throws ImportStoppedException {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportStoppedException("interrupted", e);
    }
    if (last != null && last.isDone()) {
      await();
    }
    Future<?> before = last;
    last =
        sender.submit(
            () -> {
              try {
                if (before != null) {
                  before.get();
                }
                write(load);
                return null;
              } finally {
                room.release();
              }
            });
  }

  /** Waits for all that was sent. */
  void await() throws ImportStoppedException {
    if (last == null) {
      return;
    }
    try {
      last.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportStoppedException("interrupted", e);
    } catch (ExecutionException e) {
      throw firstFailure(e);
    }
  }

  /** Rows that the server has acknowledged. */
  long rows() {
    return rows.get();
  }

  /** Values that the server has acknowledged. */
  long values() {
    return values.get();
  }

  private void write(DeviceRows.Load load) throws ImportStoppedException {
    try {
      sink.write(load.tablet(), load.aligned());
    } catch (RefusedException | UnreachableException e) {
      throw new ImportStoppedException(
          "lines " + load.firstLine() + " to " + load.lastLine() + ": " + e.getMessage(), e);
    }
    rows.addAndGet(load.rows());
    values.addAndGet(load.values());
  }

  private static ImportStoppedException firstFailure(ExecutionException thrown) {
    Throwable cause = thrown;
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ImportStoppedException stopped
        ? stopped
        : new ImportStoppedException("writing failed: " + cause, cause);
  }

  @Override
  public void close() {
    sender.shutdownNow();
  }
}
