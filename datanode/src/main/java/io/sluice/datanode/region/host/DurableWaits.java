package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.region.ApplyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Those who wait for a range to be durable. Thread-safe; futures complete on the caller's thread.
 */
final class DurableWaits {
  private final PriorityQueue<Wait> waits = new PriorityQueue<>();
  private long durableIndex = Long.MIN_VALUE;
  private boolean closed;

  private record Wait(long index, CompletableFuture<ApplyResult> done) implements Comparable<Wait> {
    @Override
    public int compareTo(Wait other) {
      return Long.compare(index, other.index);
    }
  }

  /** Completes with Applied(index) once {@code index} is durable. */
  CompletableFuture<ApplyResult> reached(long index) {
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedFuture(closing());
      }
      if (durableIndex < index) {
        Wait wait = new Wait(index, new CompletableFuture<>());
        waits.add(wait);
        return wait.done();
      }
    }
    return CompletableFuture.completedFuture(new ApplyResult.Applied(index));
  }

  void advance(long index) {
    List<Wait> over = new ArrayList<>();
    synchronized (this) {
      durableIndex = Math.max(durableIndex, index);
      while (!waits.isEmpty() && waits.peek().index() <= durableIndex) {
        over.add(waits.poll());
      }
    }
    over.forEach(wait -> wait.done().complete(new ApplyResult.Applied(wait.index())));
  }

  void close() {
    List<Wait> over;
    synchronized (this) {
      closed = true;
      over = new ArrayList<>(waits);
      waits.clear();
    }
    over.forEach(wait -> wait.done().complete(closing()));
  }

  private static ApplyResult closing() {
    return new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, "the region is closing");
  }
}
