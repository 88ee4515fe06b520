package io.sluice.datanode.region.host;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets writers in while this replica leads and its number stands in the log. Thread-safe. */
final class LeaderGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean open;
  private long terms;
  private boolean closed;

  /** A term of this replica begins: what {@link #open} needs to be told. */
  long begin() {
    lock.lock();
    try {
      return ++terms;
    } finally {
      lock.unlock();
    }
  }

  /** Lets writers in, unless that term has ended meanwhile. */
  void open(long term) {
    lock.lock();
    try {
      if (term == terms && !closed) {
        open = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void shut() {
    lock.lock();
    try {
      terms++;
      open = false;
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
