package io.sluice.sql.statement;

/**
 * Time stamps in milliseconds from {@code firstMs} to {@code lastMs}, both inclusive ({@code
 * Long.MAX_VALUE} is a legal time stamp). Empty when first is after last, as for {@code time > 5
 * and time < 3}.
 */
public record TimeRange(long firstMs, long lastMs) {
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);
  public static final TimeRange NONE = new TimeRange(Long.MAX_VALUE, Long.MIN_VALUE);

  public boolean empty() {
    return firstMs > lastMs;
  }

  /** What both ranges hold. */
  public TimeRange intersect(TimeRange other) {
    return new TimeRange(Math.max(firstMs, other.firstMs), Math.min(lastMs, other.lastMs));
  }
}
