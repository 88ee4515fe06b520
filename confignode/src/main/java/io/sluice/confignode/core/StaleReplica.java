package io.sluice.confignode.core;

import java.util.Comparator;
import java.util.UUID;

/** What is left of a replica on a DataNode that takes part in the region no more: to be deleted. */
public record StaleReplica(UUID region, int dataNode) implements Comparable<StaleReplica> {
  private static final Comparator<StaleReplica> ORDER =
      Comparator.comparingInt(StaleReplica::dataNode).thenComparing(StaleReplica::region);

  @Override
  public int compareTo(StaleReplica other) {
    return ORDER.compare(this, other);
  }
}
