package io.sluice.confignode.core;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One region as the cluster knows it. It is recorded before it is made and until it is gone: {@code
 * unconfirmed} names the DataNodes that have yet to say that they made it (phase LIVE or PARTING)
 * or removed it (phase DRAINING).
 *
 * @param uuid of its Raft group, never used twice
 * @param replicas DataNode ids; the first is the preferred leader
 */
public record Region(
    int id,
    UUID uuid,
    String database,
    List<Integer> replicas,
    long createdAtMs,
    Phase phase,
    SortedSet<Integer> unconfirmed) {

  /** Codes are stored: never change one. */
  public enum Phase {
    LIVE(1),
    /** Its database is dropped: no longer in the catalog, still to be removed from its nodes. */
    DRAINING(2),
    /** Its database is dropped, and pipes have still to ship it: see {@link Parting}. */
    PARTING(3);

    private final int code;

    Phase(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  public Region {
    replicas = List.copyOf(replicas);
    unconfirmed = Collections.unmodifiableSortedSet(new TreeSet<>(unconfirmed));
  }

  Region confirmedBy(int dataNode) {
    SortedSet<Integer> rest = new TreeSet<>(unconfirmed);
    rest.remove(dataNode);
    return new Region(id, uuid, database, replicas, createdAtMs, phase, rest);
  }

  /** Its database is dropped, and pipes have still to ship it. */
  Region part() {
    return new Region(id, uuid, database, replicas, createdAtMs, Phase.PARTING, unconfirmed);
  }

  /**
   * Its database is dropped, and nobody has to ship it.
   *
   * @param newcomer that may have made an empty replica; {@link RegionChange#NOBODY} for none
   */
  Region drain(int newcomer) {
    SortedSet<Integer> holders = new TreeSet<>(replicas);
    if (newcomer != RegionChange.NOBODY) {
      holders.add(newcomer);
    }
    return new Region(id, uuid, database, replicas, createdAtMs, Phase.DRAINING, holders);
  }

  Region withReplicas(List<Integer> changed) {
    SortedSet<Integer> unmade = new TreeSet<>(unconfirmed);
    unmade.retainAll(changed);
    return new Region(id, uuid, database, changed, createdAtMs, phase, unmade);
  }

  /** Whether devices of {@code other} may be devices of this one's database. */
  public boolean overlaps(String other) {
    return other.equals(database)
        || other.startsWith(database + ".")
        || database.startsWith(other + ".");
  }

  /** Whether more than half of the replicas are on {@code nodes}. */
  boolean majority(Collection<Integer> nodes) {
    return 2 * replicas.stream().filter(nodes::contains).count() > replicas.size();
  }
}
