package io.sluice.sync.receiver.net;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one session's tasks one at a time and in order, on threads it shares with others. What is
 * queued is bounded by whoever hands it in (see {@link ReceiverConnection}).
 */
final class SerialTasks implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final Executor threads;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean running;

  SerialTasks(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (queue) {
      queue.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    submit();
  }

  private void submit() {
    try {
      threads.execute(this::runOne);
    } catch (RejectedExecutionException e) {
      // The receiver is closing: sessions end here, what they hold stays in staging.
      LOG.debug("session task after close", e);
      synchronized (queue) {
        queue.clear();
        running = false;
      }
    }
  }

  private void runOne() {
    Runnable task;
    synchronized (queue) {
      task = queue.remove();
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a session's task failed", e);
    }
    synchronized (queue) {
      if (queue.isEmpty()) {
        running = false;
        return;
      }
    }
    submit();
  }
}
