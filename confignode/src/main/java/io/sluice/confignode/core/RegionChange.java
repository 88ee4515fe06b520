package io.sluice.confignode.core;

/**
 * A change of a region's replicas under way: recorded before any DataNode hears of it, gone when
 * the region's record says the outcome. Whoever leads goes on from it; every step may be done
 * again.
 *
 * @param from DataNode whose replica goes; {@link #NOBODY} with EXTEND
 * @param to DataNode that gets a replica; {@link #NOBODY} with REMOVE
 */
public record RegionChange(int regionId, Kind kind, int from, int to, Step step, long startedAtMs) {
  public static final int NOBODY = -1;

  /** Codes are stored: never change one. */
  public enum Kind {
    EXTEND(1),
    REMOVE(2),
    MIGRATE(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /** Codes are stored: never change one. */
  public enum Step {
    /** The newcomer is told to make an empty member. */
    CREATING(1),
    /** The region's leader takes the newcomer in, which catches up first. */
    ADDING(2),
    /** The region's leader lets the other go. */
    REMOVING(3);

    private final int code;

    Step(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  static RegionChange extend(int regionId, int to, long nowMs) {
    return new RegionChange(regionId, Kind.EXTEND, NOBODY, to, Step.CREATING, nowMs);
  }

  static RegionChange remove(int regionId, int from, long nowMs) {
    return new RegionChange(regionId, Kind.REMOVE, from, NOBODY, Step.REMOVING, nowMs);
  }

  static RegionChange migrate(int regionId, int from, int to, long nowMs) {
    return new RegionChange(regionId, Kind.MIGRATE, from, to, Step.CREATING, nowMs);
  }

  RegionChange at(Step next) {
    return new RegionChange(regionId, kind, from, to, next, startedAtMs);
  }

  /** Whether {@code to} is not yet one of the region's replicas. */
  public boolean takesIn() {
    return step != Step.REMOVING;
  }

  /** The node that may have made a replica that is not recorded; {@link #NOBODY} for none. */
  int newcomer() {
    if (takesIn()) {
      return to;
    }
    return kind == Kind.REMOVE ? from : NOBODY;
  }

  /** As refusals and logs name it. */
  public String text() {
    return switch (kind) {
      case EXTEND -> "EXTEND REGION " + regionId + " TO " + to;
      case REMOVE -> "REMOVE REGION " + regionId + " FROM " + from;
      case MIGRATE -> "MIGRATE REGION " + regionId + " FROM " + from + " TO " + to;
    };
  }
}
