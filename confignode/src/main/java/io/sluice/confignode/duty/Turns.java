package io.sluice.confignode.duty;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One turn at a time per name, given in the order of asking; names do not wait for each other.
 * Thread-safe; a turn may be given back on another thread.
 */
final class Turns {
  private final Map<String, Line> lines = new HashMap<>();

  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);
    private int users;
  }

  /** A held turn; closing gives it back. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Null when the turn did not come in time. */
  Turn take(String name, long timeoutMs) throws InterruptedException {
    Line line;
    synchronized (lines) {
      line = lines.computeIfAbsent(name, key -> new Line());
      line.users++;
    }
    boolean taken = false;
    try {
      taken = line.turn.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS);
    } finally {
      if (!taken) {
        leave(name, line);
      }
    }
    return taken ? () -> giveBack(name, line) : null;
  }

  private void giveBack(String name, Line line) {
    line.turn.release();
    leave(name, line);
  }

  private void leave(String name, Line line) {
    synchronized (lines) {
      line.users--;
      if (line.users == 0) {
        lines.remove(name);
      }
    }
  }
}
