package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.RegionView;

/**
 * Reads one region's points, merged over memtables and files: of two points at one time the later
 * written wins.
 */
public interface RegionReader {
  /** Takes over {@code view} and closes it with the result, or before throwing. */
  RowBlocks scan(RegionView view, ScanRequest request) throws StatusException;

  /**
   * Points per column of the request; from statistics where no other source overlaps. Does not
   * close the view.
   */
  long[] count(RegionView view, ScanRequest request) throws StatusException;
}
