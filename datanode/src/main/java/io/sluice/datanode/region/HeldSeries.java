package io.sluice.datanode.region;

import io.sluice.datanode.point.SeriesKey;

/**
 * A series that one pipe holds back: its receiver refused it.
 *
 * @param sinceIndex ranges that end here or later are sent without it
 * @param rejoinIndex ranges that end here or later are sent with it again, and before them a piece
 *     of its own that ends here and has all of it; 0 while nobody has asked for that
 * @param sinceMs when it was refused, epoch milliseconds
 * @param reason the receiver's words
 */
public record HeldSeries(
    SeriesKey key, long sinceIndex, long rejoinIndex, long sinceMs, String reason) {

  /** Whether nobody has asked for it to rejoin. */
  public boolean held() {
    return rejoinIndex == 0;
  }

  /** Whether the range that ends at {@code end} is sent without it. */
  public boolean leftOutOf(long end) {
    return end >= sinceIndex && (held() || end < rejoinIndex);
  }
}
