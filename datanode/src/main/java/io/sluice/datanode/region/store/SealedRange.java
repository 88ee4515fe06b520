package io.sluice.datanode.region.store;

import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.memtable.MemTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /**
   * Log index that the file of the points is ordered by. A pipe asks for what comes next above an
   * index, so no two things it ships may have the same: behind the last rows there may be loaded
   * files and deletions, of other devices, up to the range's very end.
   */
  long pointsEnd() {
    Set<Long> taken = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof Change.FileAdded added) {
        taken.add(added.file().end());
      } else if (change instanceof Change.PointsHidden hidden) {
        taken.add(hidden.hidden().atIndex());
      }
    }
    long end = end();
    while (taken.contains(end)) {
      end--;
    }
    return end;
  }
}
