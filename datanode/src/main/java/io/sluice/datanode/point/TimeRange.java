package io.sluice.datanode.point;

/**
 * Time stamps from {@code first} to {@code last}, both inclusive (Long.MAX_VALUE is a legal time
 * stamp).
 */
public record TimeRange(long first, long last) {
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  public boolean empty() {
    return first > last;
  }

  public boolean contains(long time) {
    return first <= time && time <= last;
  }

  public boolean contains(TimeRange other) {
    return first <= other.first && other.last <= last;
  }

  public boolean overlaps(TimeRange other) {
    return first <= other.last && other.first <= last;
  }

  public TimeRange intersect(TimeRange other) {
    return new TimeRange(Math.max(first, other.first), Math.min(last, other.last));
  }

  /** The smallest range that holds both. */
  public TimeRange span(TimeRange other) {
    return new TimeRange(Math.min(first, other.first), Math.max(last, other.last));
  }
}
