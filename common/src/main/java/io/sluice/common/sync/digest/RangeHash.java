package io.sluice.common.sync.digest;

/**
 * Stands for the rows of one span: equal when they are.
 *
 * @param rows how many there are; {@link #TOO_MANY}: more than anybody counts at once
 * @param high the first eight bytes of the hash over all rows in order of time
 * @param low the next eight
 */
public record RangeHash(long rows, long high, long low) {
  public static final long TOO_MANY = -1;

  /** Of a span without rows: the hash of nothing. */
  public static final RangeHash NONE = new RangeHash(0, 0xE3B0C44298FC1C14L, 0x9AFBF4C8996FB924L);

  /** Of a span with more than {@link DigestLimits#SPAN_POINTS_MAX} points. */
  public static RangeHash tooMany() {
    return new RangeHash(TOO_MANY, 0, 0);
  }

  public boolean counted() {
    return rows != TOO_MANY;
  }
}
