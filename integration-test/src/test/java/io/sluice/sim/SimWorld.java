package io.sluice.sim;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Time, chance and the order of events.
 *
 * @param <F> what may happen, each counted
 */
public final class SimWorld<F extends Enum<F>> {
  public final Random random;
  public final Map<F, Long> faults;

  /** Prints what happens, for one seed that is looked at. */
  private final boolean traced;

  /** How troubled this history is: some are nearly peaceful. */
  private final double intensity;

  /** No further fault happens. */
  public boolean calm;

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::number));
  private long nowMs;
  private long number;

  private record Due(long atMs, long number, Runnable what) {}

  public SimWorld(Class<F> kinds, long seed, boolean traced) {
    this.faults = new EnumMap<>(kinds);
    this.random = new Random(seed);
    this.traced = traced;
    this.intensity = 0.1 + random.nextDouble();
  }

  public void trace(Supplier<String> what) {
    if (traced) {
      System.out.printf("%7d %s%n", nowMs, what.get());
    }
  }

  public long nowMs() {
    return nowMs;
  }

  public void after(long delayMs, Runnable what) {
    queue.add(new Due(nowMs + delayMs, number++, what));
  }

  /** May be called from within an event: the caller waits while others go on. */
  public void runUntil(long untilMs) {
    while (!queue.isEmpty() && queue.peek().atMs() <= untilMs) {
      Due due = queue.remove();
      nowMs = Math.max(nowMs, due.atMs());
      due.what().run();
    }
    nowMs = Math.max(nowMs, untilMs);
  }

  public long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from));
  }

  /** Whether a fault happens now; counted when it does. */
  public boolean strikes(F fault, double probability) {
    boolean strikes = !calm && random.nextDouble() < intensity * probability;
    if (strikes) {
      count(fault);
    }
    return strikes;
  }

  public void count(F fault) {
    faults.merge(fault, 1L, Long::sum);
  }
}
