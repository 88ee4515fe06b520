package io.sluice.common.time;

/** Elapsed time, never set back: for time-outs, rates and ages. Thread-safe. */
@FunctionalInterface
public interface MonotonicClock {
  MonotonicClock SYSTEM = () -> System.nanoTime() / 1_000_000;

  /** Milliseconds since an arbitrary start. */
  long nowMs();
}
