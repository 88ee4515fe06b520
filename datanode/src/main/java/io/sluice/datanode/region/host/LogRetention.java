package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Up to which index a replica's log may be purged: never past the manifest, nor past an image that
 * a peer copies, and not past the slowest member while what is kept for it stays below a limit. A
 * member that is further behind copies the image. Thread-safe.
 *
 * <p>Whoever goes on from an index is sent the entry before it too, by its term. A log that begins
 * right behind what a member has would make Ratis offer that member an image which it has already,
 * for ever.
 */
final class LogRetention {
  /** A peer that has copied an image asks for the log behind it soon. */
  private static final long AFTER_COPY_MS = 60_000;

  /** An image nobody closes keeps the log for this long. */
  private static final long COPY_MS_MAX = 3_600_000;

  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");

  private final Map<Long, Hold> holds = new HashMap<>();
  private long lastHold;

  private record Hold(long index, long untilMs) {}

  /**
   * A closed file of the log.
   *
   * @param first its first log index
   * @param last its last one
   */
  record Segment(long first, long last, long bytes) {}

  /** The log behind {@code index} stays until {@link #copied}. */
  synchronized long copying(long index, long nowMs) {
    lastHold++;
    holds.put(lastHold, new Hold(index, nowMs + COPY_MS_MAX));
    return lastHold;
  }

  /** Nothing is copied after all. */
  synchronized void drop(long hold) {
    holds.remove(hold);
  }

  synchronized void copied(long hold, long nowMs) {
    holds.computeIfPresent(
        hold, (id, was) -> new Hold(was.index(), Math.min(was.untilMs(), nowMs + AFTER_COPY_MS)));
  }

  /**
   * @param durableIndex the manifest's
   * @param slowestIndex last index that every member has, as far as is known; Long.MAX_VALUE
   *     without others
   * @param segments closed files of the log, ascending
   * @param keptBytesMax of the log behind the manifest that stays for slow members
   */
  synchronized long purgeIndex(
      long durableIndex, long slowestIndex, List<Segment> segments, long keptBytesMax, long nowMs) {
    holds.values().removeIf(hold -> hold.untilMs() <= nowMs);
    long index = forMembers(durableIndex, slowestIndex, segments, keptBytesMax);
    for (Hold hold : holds.values()) {
      index = Math.min(index, hold.index() - 1);
    }
    return index;
  }

  private static long forMembers(
      long durableIndex, long slowestIndex, List<Segment> segments, long keptBytesMax) {
    long index = durableIndex;
    long keptBytes = 0;
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.last() > durableIndex) {
        continue;
      }
      keptBytes += segment.bytes();
      boolean passed = segment.last() < slowestIndex;
      if (passed || keptBytes > keptBytesMax && segment.last() > slowestIndex) {
        return Math.min(index, segment.last());
      }
      index = segment.first() - 1;
    }
    return index;
  }

  /** The closed files of the log in a group's folder, ascending. */
  static List<Segment> segments(Path groupFolder) throws IOException {
    Path current = groupFolder.resolve("current");
    List<Segment> segments = new ArrayList<>();
    if (!Files.isDirectory(current)) {
      return segments;
    }
    try (Stream<Path> files = Files.list(current)) {
      for (Path file : files.toList()) {
        Matcher name = CLOSED.matcher(file.getFileName().toString());
        if (name.matches()) {
          long first = Long.parseLong(name.group(1));
          segments.add(new Segment(first, Long.parseLong(name.group(2)), bytes(file)));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::first));
    return segments;
  }

  /**
   * Removes what an installed image left of the log before it: a log that goes on behind a gap
   * could not be opened. No server may have it open.
   */
  static void dropBehind(Path groupFolder, long installedIndex) throws IOException {
    Path current = groupFolder.resolve("current");
    if (!Files.isDirectory(current)) {
      return;
    }
    try (Stream<Path> files = Files.list(current)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        Matcher open = OPEN.matcher(name);
        boolean behind =
            closed.matches() && Long.parseLong(closed.group(2)) <= installedIndex
                || open.matches() && Long.parseLong(open.group(1)) <= installedIndex;
        if (behind) {
          Files.delete(file);
        }
      }
    }
    DurableFiles.syncFolder(current);
  }

  private static long bytes(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // purged just now
    }
  }
}
