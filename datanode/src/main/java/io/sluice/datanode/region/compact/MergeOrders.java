package io.sluice.datanode.region.compact;

import io.sluice.datanode.region.entry.LogEntry;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a replica has been told to do with its files and has not yet, oldest first. Bounded: an
 * order that is crowded out is covered by a later one. Thread-safe.
 */
public final class MergeOrders {
  private static final int ORDERS_MAX = 256;

  private final Deque<Order> orders = new ArrayDeque<>();

  /**
   * One order.
   *
   * @param index log index of its entry
   */
  public record Order(long index, LogEntry.FileOrder what) {}

  public synchronized void add(long index, LogEntry.FileOrder what) {
    if (orders.size() == ORDERS_MAX) {
      orders.remove();
    }
    orders.add(new Order(index, what));
  }

  /** The oldest, null for none. It stays until {@link #done}. */
  public synchronized Order first() {
    return orders.peek();
  }

  public synchronized void done(Order order) {
    orders.remove(order);
  }

  public synchronized boolean isEmpty() {
    return orders.isEmpty();
  }
}
