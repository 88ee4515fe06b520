package io.sluice.common.sync.frame;

import java.util.concurrent.Semaphore;

/**
 * How many large frames may be gathered at once over all connections that share it: a frame is held
 * until it is whole. Thread-safe.
 */
public final class LargeFrames {
  private final Semaphore free;

  public LargeFrames(int max) {
    this.free = new Semaphore(max);
  }

  /** False when there are too many already. */
  boolean begin() {
    return free.tryAcquire();
  }

  void end() {
    free.release();
  }
}
