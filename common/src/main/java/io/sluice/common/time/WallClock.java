package io.sluice.common.time;

/** The time of day, injected so that tests and simulations own it. Thread-safe. */
@FunctionalInterface
public interface WallClock {
  WallClock SYSTEM = System::currentTimeMillis;

  /** Milliseconds since the epoch. */
  long nowMs();
}
