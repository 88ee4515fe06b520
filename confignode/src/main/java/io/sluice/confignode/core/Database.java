package io.sluice.confignode.core;

import java.util.List;

/**
 * A database and its regions.
 *
 * @param generation tells a re-created database from the one before: it is higher
 * @param regionIds in dealing order: slot s belongs to {@code regionIds.get(s % size)}
 */
public record Database(
    String name,
    long generation,
    int replicationFactor,
    List<Integer> regionIds,
    long createdAtMs) {
  public Database {
    regionIds = List.copyOf(regionIds);
  }
}
