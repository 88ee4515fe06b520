package io.sluice.common.sync.digest;

/** Time stamps in milliseconds, both ends inclusive. */
public record TimeSpan(long first, long last) {
  /**
   * @throws IllegalArgumentException when the last is before the first
   */
  public TimeSpan {
    if (first > last) {
      throw new IllegalArgumentException("times from " + first + " to " + last);
    }
  }
}
