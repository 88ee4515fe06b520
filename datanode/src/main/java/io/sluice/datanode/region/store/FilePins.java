package io.sluice.datanode.region.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts readers of a region's files; whoever wants to remove files waits for them. Thread-safe.
 */
final class FilePins {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int pins;

  void pin() {
    lock.lock();
    try {
      pins++;
    } finally {
      lock.unlock();
    }
  }

  void unpin() {
    lock.lock();
    try {
      pins--;
      if (pins == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody reads, at most {@code waitMs}; false when somebody still does. */
  boolean awaitNone(long waitMs) throws InterruptedException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
    lock.lock();
    try {
      while (pins > 0 && leftNs > 0) {
        leftNs = none.awaitNanos(leftNs);
      }
      return pins == 0;
    } finally {
      lock.unlock();
    }
  }
}
