package io.sluice.datanode.region.store;

import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.memtable.MemTable;
import java.util.List;

/**
 * A closed range that is not durable yet.
 *
 * @param start the previous range's end
 * @param image the region exactly as of the range's end; its files are those known when it closed
 * @param points what the range wrote, empty when it wrote none
 * @param changes since the previous range's end, in order
 * @param stagedNames files to remove from the staging folder once the range is durable
 */
record SealedRange(
    long start,
    RegionImage image,
    MemTable points,
    List<Change> changes,
    List<String> stagedNames) {
  long end() {
    return image.index();
  }
}
