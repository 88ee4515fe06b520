package io.sluice.datanode.region.host;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets writers in while this replica leads and its number stands in the log. Thread-safe. */
final class LeaderGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean open;
  private boolean closed;

  void open() {
    set(true);
  }

  void shut() {
    set(false);
  }

  private void set(boolean now) {
    lock.lock();
    try {
      open = now && !closed;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody is let in any more, and nobody waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      open = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    return open;
  }

  /** Waits until it is open, at most {@code waitMs}; false when it is not. */
  boolean await(long waitMs) throws InterruptedException {
    if (open) {
      return true;
    }
    long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
    lock.lock();
    try {
      while (!open && !closed && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      return open;
    } finally {
      lock.unlock();
    }
  }
}
