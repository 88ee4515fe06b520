package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.UUID;

/**
 * One attempt at one node that should hold a region. A node that does not hold it, or does not lead
 * it, says so with {@link StatusCode#REGION_NOT_HERE}, and {@link RoutedRegion} looks elsewhere.
 */
interface Replica extends RegionAccess {
  /** {@link #propose} in the calling thread. */
  ApplyResult proposeNow(LogEntry entry);

  /** {@link #flush} in the calling thread. */
  ApplyResult flushNow();

  static StatusException notHere(UUID region) {
    return new StatusException(StatusCode.REGION_NOT_HERE, notHereText(region));
  }

  static String notHereText(UUID region) {
    return "Region " + region + " is not led by this DataNode";
  }
}
