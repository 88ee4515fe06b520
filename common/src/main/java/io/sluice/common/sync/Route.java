package io.sluice.common.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The clusters that rows, or a deletion, have passed on their way to where they are: first where
 * they were written, last whose pipe brought them. Empty for what was written here.
 */
public record Route(List<UUID> clusters) {
  /** A longer one forgets its beginning. */
  public static final int CLUSTERS_MAX = 64;

  /** Written here, by a client. */
  public static final Route HERE = new Route(List.of());

  public Route {
    clusters = List.copyOf(clusters);
    if (clusters.size() > CLUSTERS_MAX) {
      throw new IllegalArgumentException("a route over " + clusters.size() + " clusters");
    }
  }

  public static Route of(UUID... clusters) {
    return new Route(List.of(clusters));
  }

  public boolean isHere() {
    return clusters.isEmpty();
  }

  public boolean passes(UUID cluster) {
    return clusters.contains(cluster);
  }

  /** Whether that cluster's pipes brought it here. */
  public boolean broughtBy(UUID cluster) {
    return !isHere() && clusters.get(clusters.size() - 1).equals(cluster);
  }

  /** Whether {@code last} is how this one ends; every route ends with {@link #HERE}. */
  public boolean endsWith(Route last) {
    int from = clusters.size() - last.clusters.size();
    return from >= 0 && clusters.subList(from, clusters.size()).equals(last.clusters);
  }

  /** The same, and on from {@code cluster} to the next. */
  public Route then(UUID cluster) {
    List<UUID> all = new ArrayList<>(clusters);
    all.add(cluster);
    return new Route(all.subList(Math.max(0, all.size() - CLUSTERS_MAX), all.size()));
  }
}
