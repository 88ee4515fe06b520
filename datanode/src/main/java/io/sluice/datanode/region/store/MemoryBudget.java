package io.sluice.datanode.region.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes of one kind in use on this node, against a limit. Counting never fails: applying must go
 * on; it is the writers that wait. Thread-safe.
 */
public final class MemoryBudget {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final long bytesMax;
  private long usedBytes;

  public MemoryBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  public void take(long bytes) {
    lock.lock();
    try {
      usedBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  public void giveBack(long bytes) {
    lock.lock();
    try {
      usedBytes -= bytes;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until less than the limit is used, at most {@code waitMs}; false when it never was. */
  public boolean awaitRoom(long waitMs) throws InterruptedException {
    return takeWhenRoom(0, waitMs);
  }

  /**
   * Waits for room as {@link #awaitRoom} does and takes {@code bytes} of it, also beyond the limit.
   */
  public boolean takeWhenRoom(long bytes, long waitMs) throws InterruptedException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
    lock.lock();
    try {
      while (usedBytes >= bytesMax) {
        if (leftNs <= 0) {
          return false;
        }
        leftNs = freed.awaitNanos(leftNs);
      }
      usedBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  public long usedBytes() {
    lock.lock();
    try {
      return usedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether more than half is in use: time to write memtables out early. */
  public boolean tight() {
    return usedBytes() > bytesMax / 2;
  }

  /** Whether writers are waiting or about to. */
  public boolean full() {
    return usedBytes() >= bytesMax;
  }
}
