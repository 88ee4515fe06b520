package io.sluice.sim;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** Time, chance and the order of events. */
final class SimWorld {
  final Random random;
  final Map<Fault, Long> faults = new EnumMap<>(Fault.class);

  /** Prints what happens, for one seed that is looked at. */
  private final boolean traced;

  /** How troubled this history is: some are nearly peaceful. */
  private final double intensity;

  /** No further fault happens. */
  boolean calm;

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::number));
  private long nowMs;
  private long number;

  private record Due(long atMs, long number, Runnable what) {}

  SimWorld(long seed, boolean traced) {
    this.random = new Random(seed);
    this.traced = traced;
    this.intensity = 0.1 + random.nextDouble();
  }

  void trace(Supplier<String> what) {
    if (traced) {
      System.out.printf("%7d %s%n", nowMs, what.get());
    }
  }

  long nowMs() {
    return nowMs;
  }

  void after(long delayMs, Runnable what) {
    queue.add(new Due(nowMs + delayMs, number++, what));
  }

  void runUntil(long untilMs) {
    while (!queue.isEmpty() && queue.peek().atMs() <= untilMs) {
      Due due = queue.remove();
      nowMs = due.atMs();
      due.what().run();
    }
    nowMs = untilMs;
  }

  long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from));
  }

  /** Whether a fault happens now; counted when it does. */
  boolean strikes(Fault fault, double probability) {
    boolean strikes = !calm && random.nextDouble() < intensity * probability;
    if (strikes) {
      count(fault);
    }
    return strikes;
  }

  void count(Fault fault) {
    faults.merge(fault, 1L, Long::sum);
  }
}
