package io.sluice.datanode.cluster;

import io.sluice.datanode.region.compact.FileExpiry;
import java.util.function.LongSupplier;

/**
 * Which points have expired beyond doubt, so that their files may go for good: the clock has run
 * for an hour without a jump, and a ConfigNode has confirmed the TTL just now. A node that hears of
 * none would go on by a TTL that may have been raised long ago. Thread-safe.
 *
 * @param clock the one {@code expiry} goes by
 * @param confirmedMsAgo since when the catalog has not been confirmed
 */
public record SureExpiry(Expiry expiry, SettledClock clock, LongSupplier confirmedMsAgo)
    implements FileExpiry {
  /** Several heartbeats. */
  static final long UNCONFIRMED_MS_MAX = 20_000;

  @Override
  public long firstTimeMs(String database) {
    boolean sure = clock.settled() && confirmedMsAgo.getAsLong() <= UNCONFIRMED_MS_MAX;
    return sure ? expiry.of(database).firstTimeMs() : Expiry.Cutoff.NONE.firstTimeMs();
  }
}
