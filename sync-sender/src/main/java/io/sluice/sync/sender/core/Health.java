package io.sluice.sync.sender.core;

/**
 * What SHOW PIPES says.
 *
 * @param cause empty when NORMAL
 */
public record Health(Level level, String cause) {
  public static final Health NORMAL = new Health(Level.NORMAL, "");

  /** By rising severity. */
  public enum Level {
    NORMAL,
    WARN,
    ERROR
  }

  /** The more severe of two. */
  public Health worse(Health other) {
    return other.level.compareTo(level) > 0 ? other : this;
  }
}
