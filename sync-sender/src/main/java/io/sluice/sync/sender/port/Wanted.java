package io.sluice.sync.sender.port;

import java.util.UUID;

/**
 * What one pipe wants of a region.
 *
 * @param pipeNumber whose held-back series are left out
 * @param startTimeMs points before it are not sent
 * @param deletions whether deletions are sent, each as a range of its own, and what is deleted
 *     already need not be; without it everything is sent as it was written
 * @param receiver the cluster it is for: what came from there does not go back
 */
public record Wanted(long pipeNumber, long startTimeMs, boolean deletions, UUID receiver) {
  /** The same without points before {@code timeMs}. */
  public Wanted notBefore(long timeMs) {
    return new Wanted(pipeNumber, Math.max(startTimeMs, timeMs), deletions, receiver);
  }
}
