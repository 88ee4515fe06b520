package io.sluice.datanode.region.compact;

import io.sluice.common.sync.Route;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which neighbouring files become fewer next. Usually a run of at least {@link #RUN_FILES} of about
 * the same size: none larger than the others together, so that a point is rewritten only when its
 * file at least doubles. Of several such runs the longest. When there are many files anyway,
 * whatever saves most files for the bytes rewritten; before that only what all pipes have sent.
 *
 * <p>The rule of sizes is that of HBase's "exploring" compaction. Pure; the same arguments give the
 * same plan.
 */
public final class CompactionPlan {
  /** A run is worth a merge from here on. */
  static final int RUN_FILES = 8;

  /** And when it saves as many: files of many routes stay many. */
  private static final int RUN_SAVED = 4;

  /** Files open at a time, and index entries in memory. */
  static final int RUN_FILES_MAX = 32;

  /** From here on a region has many files. */
  static final int MANY_FILES = 32;

  /** A merge does not make larger files: they would be sent and staged as one piece. */
  static final long RUN_BYTES_MAX = 128L << 20;

  /** What an order costs besides the bytes: else two tiny files would be the best of all. */
  private static final long ORDER_BYTES = 1 << 20;

  /** Segment of a file that comes together with no other. */
  private static final int ALONE = 0;

  private final RegionImage image;
  private final List<SealedFile> files;
  private final boolean many;
  private final List<PipeFloor> floors;
  private final long settledIndex;
  private final Predicate<SealedFile> leftAlone;

  /** Log indexes of the region's deletions, null until they are asked for. */
  private NavigableSet<Long> deletions;

  private CompactionPlan(
      RegionImage image,
      List<PipeFloor> floors,
      long settledIndex,
      Predicate<SealedFile> leftAlone) {
    this.image = image;
    this.files = image.files();
    this.many = files.size() >= MANY_FILES;
    this.floors = floors;
    this.settledIndex = settledIndex;
    this.leftAlone = leftAlone;
  }

  /**
   * @param durable the region as of its last durable range, no merge among its files under way
   * @param floors of every pipe
   * @param settledIndex a loaded file above it may still be asked for by another replica, which has
   *     not applied its entry: it is left alone while there are few files
   * @param leftAlone files that cannot be merged
   * @return empty when nothing is worth it
   */
  public static Optional<LogEntry.Compact> next(
      RegionImage durable,
      List<PipeFloor> floors,
      long settledIndex,
      Predicate<SealedFile> leftAlone) {
    List<SealedFile> files = durable.files();
    if (files.size() < RUN_FILES) {
      return Optional.empty();
    }
    Run best = new CompactionPlan(durable, floors, settledIndex, leftAlone).best();
    if (best == null) {
      return Optional.empty();
    }
    long after = best.from() == 0 ? RegionImage.NOTHING : files.get(best.from() - 1).end();
    long last = files.get(best.to() - 1).end();
    return Optional.of(new LogEntry.Compact(after, last, best.applyDeletions()));
  }

  /**
   * Files {@code [from, to)}.
   *
   * @param saved how many files fewer there are afterwards
   */
  private record Run(int from, int to, long bytes, int saved, boolean applyDeletions) {
    /** Fewer bytes per file saved; the older one of two alike. */
    boolean cheaperThan(Run other) {
      return other == null || cost() < other.cost();
    }

    private double cost() {
      return (double) (bytes + ORDER_BYTES) / saved;
    }

    boolean longerThan(Run other) {
      return other == null || saved > other.saved || saved == other.saved && bytes < other.bytes;
    }
  }

  private Run best() {
    int[] segments = segments();
    Run best = null;
    for (int from = 0; from < files.size(); from++) {
      if (segments[from] == ALONE) {
        continue;
      }
      boolean apply = applies(files.get(from));
      long bytes = 0;
      long largest = 0;
      Set<Route> routes = new HashSet<>();
      int end = Math.min(files.size(), from + RUN_FILES_MAX);
      for (int to = from + 1; to <= end && segments[to - 1] == segments[from]; to++) {
        SealedFile file = files.get(to - 1);
        bytes += file.lengthBytes();
        largest = Math.max(largest, file.lengthBytes());
        routes.add(file.route());
        int saved = to - from - routes.size();
        if (bytes > RUN_BYTES_MAX) {
          break;
        }
        Run run = new Run(from, to, bytes, saved, apply);
        if (many) {
          best = saved > 0 && run.cheaperThan(best) ? run : best;
        } else if (to - from >= RUN_FILES
            && saved >= RUN_SAVED
            && largest <= bytes - largest
            && run.longerThan(best)) {
          best = run;
        }
      }
    }
    return best;
  }

  /** Per file a number that it shares with neighbours it may come together with. */
  private int[] segments() {
    int[] segments = new int[files.size()];
    int number = ALONE;
    for (int i = 0; i < segments.length; i++) {
      if (!mayMerge(files.get(i))) {
        segments[i] = ALONE;
      } else if (i > 0 && segments[i - 1] != ALONE && together(files.get(i - 1), files.get(i))) {
        segments[i] = segments[i - 1];
      } else {
        number++;
        segments[i] = number;
      }
    }
    return segments;
  }

  private boolean mayMerge(SealedFile file) {
    if (leftAlone.test(file)) {
      return false;
    }
    if (many) {
      return floors.stream().noneMatch(floor -> zone(floor, file) == Zone.BEGUN);
    }
    // A transfer may begin before the order is carried out, and a position be further than known.
    return (!file.loaded() || file.end() <= settledIndex) && receivedByAll(file);
  }

  private boolean together(SealedFile older, SealedFile newer) {
    for (PipeFloor floor : floors) {
      if (zone(floor, older) != zone(floor, newer)) {
        return false;
      }
    }
    // A deletion is a piece of its own, between the pieces of what is written before and after it.
    return receivedByAll(newer)
        || deletions().subSet(older.end(), false, newer.end(), true).isEmpty();
  }

  private boolean receivedByAll(SealedFile file) {
    return floors.stream().allMatch(floor -> zone(floor, file) == Zone.RECEIVED);
  }

  /** Whether a point that a deletion hides need not reach anybody any more. */
  private boolean applies(SealedFile file) {
    return floors.stream()
        .allMatch(floor -> floor.deletions() || zone(floor, file) == Zone.RECEIVED);
  }

  private enum Zone {
    RECEIVED,
    BEGUN,
    AHEAD
  }

  private static Zone zone(PipeFloor floor, SealedFile file) {
    if (file.end() <= floor.position()) {
      return Zone.RECEIVED;
    }
    return file.end() <= floor.begunTo() ? Zone.BEGUN : Zone.AHEAD;
  }

  private NavigableSet<Long> deletions() {
    if (deletions == null) {
      deletions = new TreeSet<>();
      image.hidden().forEach((key, all) -> all.forEach(one -> deletions.add(one.atIndex())));
    }
    return deletions;
  }
}
