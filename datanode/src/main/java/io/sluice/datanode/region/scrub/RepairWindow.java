package io.sluice.datanode.region.scrub;

import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Files of a peer that stand for a rotten file of ours, and the files of ours whose place they
 * take. Replicas hold the same entries in the same ranges, but merge them at their own pace: what
 * is one file here may be several there, and the other way round. So the window grows from the
 * rotten file's range until no file of either side reaches over its ends; within it both sides hold
 * the points of exactly the same log indexes. Files that both have, byte for byte, stay.
 *
 * <p>Where a peer has applied a deletion that has not been applied here yet, its rows are gone a
 * moment earlier; the deletion is in the log and on its way.
 *
 * @param ours what goes, the rotten file among it
 * @param theirs what comes; none when all of it was deleted meanwhile
 */
public record RepairWindow(List<SealedFile> ours, List<SealedFile> theirs) {
  /**
   * @param rotten a file of {@code here}
   * @param here as of our last durable range
   * @param there as of the peer's
   * @param damaged which of our files must not stay, besides {@code rotten}
   * @return empty when the peer's durable files do not reach so far
   */
  public static Optional<RepairWindow> of(
      SealedFile rotten, RegionImage here, RegionImage there, Predicate<SealedFile> damaged) {
    long start = rotten.start();
    long end = rotten.end();
    boolean grown = true;
    while (grown) {
      long startBefore = start;
      long endBefore = end;
      for (RegionImage image : List.of(here, there)) {
        for (SealedFile file : image.files()) {
          if (file.start() < end && file.end() > start) {
            start = Math.min(start, file.start());
            end = Math.max(end, file.end());
          }
        }
      }
      grown = start != startBefore || end != endBefore;
    }
    if (there.index() < end || here.index() < end) {
      return Optional.empty();
    }
    List<SealedFile> ours = within(here, start, end);
    List<SealedFile> theirs = within(there, start, end);
    List<SealedFile> going = new ArrayList<>(ours);
    List<SealedFile> coming = new ArrayList<>(theirs);
    for (SealedFile our : ours) {
      if (!our.equals(rotten) && !damaged.test(our)) {
        boolean both = coming.removeIf(their -> same(our, their));
        going.removeIf(file -> both && file.equals(our));
      }
    }
    return Optional.of(new RepairWindow(List.copyOf(going), List.copyOf(coming)));
  }

  private static List<SealedFile> within(RegionImage image, long start, long end) {
    return image.files().stream()
        .filter(file -> file.start() >= start && file.end() <= end)
        .filter(file -> file.end() > start)
        .toList();
  }

  /** Wherever they are. */
  private static boolean same(SealedFile one, SealedFile other) {
    return one.start() == other.start()
        && one.end() == other.end()
        && one.lengthBytes() == other.lengthBytes()
        && one.crc32c() == other.crc32c()
        && one.route().equals(other.route());
  }
}
