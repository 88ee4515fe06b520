package io.sluice.datanode.region.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Readers of a region's files. A file that is no more part of the region goes when those have ended
 * who may have seen it: the ones that began before. Thread-safe.
 */
final class FilePins {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();

  /** Numbers of readers that have not ended. */
  private final TreeSet<Long> reading = new TreeSet<>();

  private final Deque<Retired> retired = new ArrayDeque<>();
  private long lastNumber;
  private boolean closed;

  /**
   * @param upTo number of the last reader that may have seen it
   */
  private record Retired(long upTo, Runnable removal) {}

  /** One reader; closed once. */
  final class Pin implements AutoCloseable {
    private final long number;

    private Pin(long number) {
      this.number = number;
    }

    @Override
    public void close() {
      unpin(number);
    }
  }

  /** Take it before looking which files there are. */
  Pin pin() {
    lock.lock();
    try {
      lastNumber++;
      reading.add(lastNumber);
      return new Pin(lastNumber);
    } finally {
      lock.unlock();
    }
  }

  private void unpin(long number) {
    List<Runnable> due;
    lock.lock();
    try {
      reading.remove(number);
      if (reading.isEmpty()) {
        none.signalAll();
      }
      due = due();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  /** Runs {@code removal} once nobody reads any more who read before this call. */
  void retire(Runnable removal) {
    List<Runnable> due;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      retired.add(new Retired(lastNumber, removal));
      due = due();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  private List<Runnable> due() {
    List<Runnable> due = new ArrayList<>();
    while (!retired.isEmpty() && (reading.isEmpty() || reading.first() > retired.peek().upTo())) {
      due.add(retired.remove().removal());
    }
    return due;
  }

  /** Waits until nobody reads, at most {@code waitMs}; false when somebody still does. */
  boolean awaitNone(long waitMs) throws InterruptedException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
    lock.lock();
    try {
      while (!reading.isEmpty() && leftNs > 0) {
        leftNs = none.awaitNanos(leftNs);
      }
      return reading.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nothing is removed any more: whoever opens the region next does it, and may have files of the
   * same names.
   */
  void close() {
    lock.lock();
    try {
      closed = true;
      retired.clear();
    } finally {
      lock.unlock();
    }
  }
}
