package io.sluice.sync.receiver.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes read for one sender and not yet worked off. Says when to stop reading and when to go on, so
 * that all senders together hold a bounded part of the memory: beyond {@link #ALL_BYTES_MAX} each
 * may have only {@link #FAIR_BYTES} waiting, which is enough for none to stand still. Thread-safe.
 */
final class PendingBytes {
  /** Of one sender: above the first stop reading, below the second go on. */
  static final long OWN_BYTES_HIGH = 4 << 20;

  static final long OWN_BYTES_LOW = 1 << 20;

  static final long ALL_BYTES_MAX = 64 << 20;
  static final long FAIR_BYTES = 64 << 10;

  private final AtomicLong all;
  private final AtomicLong own = new AtomicLong();

  /**
   * @param all counts for every sender of this receiver
   */
  PendingBytes(AtomicLong all) {
    this.all = all;
  }

  /** True: read no more for now. */
  boolean add(long bytes) {
    boolean crowded = all.addAndGet(bytes) > ALL_BYTES_MAX;
    return own.addAndGet(bytes) > (crowded ? FAIR_BYTES : OWN_BYTES_HIGH);
  }

  void remove(long bytes) {
    own.addAndGet(-bytes);
    all.addAndGet(-bytes);
  }

  /** Whether one that has stopped may read on. */
  boolean low() {
    return own.get() < (all.get() > ALL_BYTES_MAX ? FAIR_BYTES : OWN_BYTES_LOW);
  }
}
