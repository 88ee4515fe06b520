package io.sluice.common.sync.digest;

/** How much one question of a comparison may ask, and one answer say. */
public final class DigestLimits {
  /** Spans in one question. */
  public static final int SPANS_MAX = 256;

  /** Characters of paths and names in one question; a frame of it stays below 64 KiB. */
  public static final int CHARS_MAX = 18_000;

  /** Rows in one page; a frame of it stays below 64 KiB. */
  public static final int PAGE_ROWS_MAX = 4_000;

  /** A span with more points than that is said to have too many. */
  public static final int SPAN_POINTS_MAX = 1 << 20;

  /** Having read so many points, an answer says what it knows and leaves the rest. */
  public static final int ANSWER_POINTS = 1 << 20;

  private DigestLimits() {}
}
