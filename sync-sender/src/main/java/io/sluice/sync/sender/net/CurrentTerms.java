package io.sluice.sync.sender.net;

import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SinkTerms;
import io.sluice.sync.sender.core.RateLimit;

/** A pipe's terms as they are now; one for all of its feeds here. Thread-safe. */
public final class CurrentTerms {
  private final RateLimit limit;
  private volatile SinkTerms terms;

  public CurrentTerms(SinkTerms terms) {
    this.terms = terms;
    this.limit = new RateLimit(terms.bytesPerSecondMax());
  }

  /**
   * Limit and compression hold from the next piece of a file on, credentials from the next
   * connection on.
   */
  public synchronized void change(SinkTerms to) {
    SinkCredentials before = terms.credentials();
    // Equal ones are kept, since they know the slow step's result.
    SinkCredentials credentials =
        to.credentials() != null && to.credentials().equals(before) ? before : to.credentials();
    terms = new SinkTerms(credentials, to.compression(), to.bytesPerSecondMax());
    limit.change(to.bytesPerSecondMax());
  }

  /** Null: the white list alone decides. */
  public SinkCredentials credentials() {
    return terms.credentials();
  }

  SinkTerms now() {
    return terms;
  }

  RateLimit limit() {
    return limit;
  }
}
