package io.sluice.datanode.region;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Looks at every byte of sealed files on this node, and repairs from other replicas what is rotten.
 * Thread-safe.
 */
public interface RegionScrub {
  /**
   * How a scrub stands.
   *
   * @param reports of the replicas that are done
   */
  record Progress(boolean done, List<ScrubReport> reports) {}

  /**
   * Begins to look at these regions' replicas, without regard to the rate; those that are not here
   * are passed over.
   *
   * @return what {@link #await} is asked for
   * @throws StatusException when as many scrubs are under way as may be
   */
  long begin(Collection<UUID> regions) throws StatusException;

  /**
   * Waits for a scrub's end, at most {@code waitMs}. A scrub that nobody asks for in two minutes is
   * dropped; one that was answered as done is forgotten.
   *
   * @throws StatusException when there is no such scrub
   */
  Progress await(long scrub, long waitMs) throws StatusException;
}
