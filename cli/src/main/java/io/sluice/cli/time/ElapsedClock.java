package io.sluice.cli.time;

/** Elapsed time, never set back. Thread-safe. */
@FunctionalInterface
public interface ElapsedClock {
  ElapsedClock SYSTEM = () -> System.nanoTime() / 1_000_000;

  /** Milliseconds since an arbitrary start. */
  long nowMs();
}
