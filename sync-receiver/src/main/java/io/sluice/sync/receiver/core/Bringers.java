package io.sluice.sync.receiver.core;

import io.sluice.common.collect.LastUsed;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which sending cluster brought each device last, of those that this node has seen since it runs.
 * Two that bring the same device are found out as soon as both have done so. Thread-safe.
 */
public final class Bringers {
  /** The device brought longest ago is forgotten for another. */
  static final int DEVICES_MAX = 100_000;

  private final Map<String, UUID> latest = new LastUsed<>(DEVICES_MAX);

  /** A device that another cluster had brought before. */
  public record Shared(String device, UUID otherClusterId) {}

  /** The first of these that another cluster had brought last; it is {@code cluster}'s from now. */
  public synchronized Optional<Shared> brought(UUID cluster, Collection<String> devices) {
    Shared first = null;
    for (String device : devices) {
      UUID before = latest.put(device, cluster);
      if (first == null && before != null && !before.equals(cluster)) {
        first = new Shared(device, before);
      }
    }
    return Optional.ofNullable(first);
  }
}
