package io.sluice.confignode.core;

import java.util.List;

/**
 * A database and its regions.
 *
 * @param generation tells a re-created database from the one before: it is higher
 * @param regionIds in dealing order: slot s belongs to {@code regionIds.get(s % size)}
 * @param ttlMs points older than this are not to be seen, {@link #NO_TTL} for ever
 */
public record Database(
    String name,
    long generation,
    int replicationFactor,
    List<Integer> regionIds,
    long createdAtMs,
    long ttlMs) {
  /** Of {@link #ttlMs}: points never expire. */
  public static final long NO_TTL = 0;

  public Database {
    regionIds = List.copyOf(regionIds);
  }

  /** One whose points never expire. */
  public Database(
      String name,
      long generation,
      int replicationFactor,
      List<Integer> regionIds,
      long createdAtMs) {
    this(name, generation, replicationFactor, regionIds, createdAtMs, NO_TTL);
  }

  Database withTtl(long changedMs) {
    return new Database(name, generation, replicationFactor, regionIds, createdAtMs, changedMs);
  }
}
