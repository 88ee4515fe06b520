package io.sluice.cli.value;

/** The unit of the server's time stamps. */
public enum TimePrecision {
  MILLISECOND(1_000, 3),
  MICROSECOND(1_000_000, 6),
  NANOSECOND(1_000_000_000, 9);

  private final long perSecond;
  private final int digits;

  TimePrecision(long perSecond, int digits) {
    this.perSecond = perSecond;
    this.digits = digits;
  }

  /** Units in a second. */
  public long perSecond() {
    return perSecond;
  }

  /** Digits after the second's point. */
  public int digits() {
    return digits;
  }

  /** By the word in the server's greeting: {@code ms}, {@code us} or {@code ns}; null is ms. */
  public static TimePrecision ofWord(String word) {
    if (word == null || word.equals("ms")) {
      return MILLISECOND;
    }
    if (word.equals("us")) {
      return MICROSECOND;
    }
    if (word.equals("ns")) {
      return NANOSECOND;
    }
    throw new IllegalArgumentException("unknown time stamp precision: " + word);
  }
}
