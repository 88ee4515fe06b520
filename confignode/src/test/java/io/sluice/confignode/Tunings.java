package io.sluice.confignode;

/**
 * How tests set ConfigNodes. A busy machine is no reason to take a node for Unknown or a call for
 * failed: tests that want that say so, by {@link ConfigNodeOptions.Tuning#withHeartbeats}.
 */
final class Tunings {
  /** Elections within half a second: for a ConfigNode that is alone. */
  static final ConfigNodeOptions.Tuning QUICK =
      new ConfigNodeOptions.Tuning(50, 30_000, 10_000, 10_000, 300, 600, 30_000, 50, 16 << 10, 100);

  /** Elections as in operation: for members that are not to lose their leader by chance. */
  static final ConfigNodeOptions.Tuning STEADY =
      new ConfigNodeOptions.Tuning(
          50, 30_000, 10_000, 10_000, 1_000, 2_000, 60_000, 50, 16 << 10, 100);

  private Tunings() {}
}
