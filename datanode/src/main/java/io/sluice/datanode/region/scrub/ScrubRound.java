package io.sluice.datanode.region.scrub;

import io.sluice.datanode.region.SealedFile;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * How far a node has come through its sealed files: regions by id, in each the files by their end.
 * Immutable; what {@link #next} says is done by somebody else, who then asks the round it answers.
 *
 * @param beganMs epoch milliseconds
 * @param over whether every file was looked at
 * @param region of the last file looked at, null before the first
 * @param end of that file's range
 */
public record ScrubRound(long beganMs, boolean over, UUID region, long end) {
  /** Below the end of any range. */
  private static final long BEFORE_ALL = Long.MIN_VALUE;

  /** A round that has nothing to do: the next one begins an interval after {@code nowMs}. */
  public static ScrubRound over(long nowMs) {
    return new ScrubRound(nowMs, true, null, BEFORE_ALL);
  }

  private static ScrubRound began(long nowMs) {
    return new ScrubRound(nowMs, false, null, BEFORE_ALL);
  }

  /** What to do. */
  public sealed interface Next {
    /**
     * Look at this file; {@code then} is the round afterwards, whatever was found.
     *
     * @param region the file's
     */
    record Check(UUID region, SealedFile file, ScrubRound then) implements Next {}

    /** Every file was looked at. */
    record Finish(ScrubRound then) implements Next {}

    /** Nothing for so long, or until files or settings are others. */
    record Rest(long forMs) implements Next {}
  }

  /**
   * @param files of every region on this node as of its last durable range, by ascending end; those
   *     that come behind this round's place are the next round's
   * @param intervalMs between the beginnings of two rounds
   */
  public Next next(SortedMap<UUID, List<SealedFile>> files, long nowMs, long intervalMs) {
    if (over) {
      boolean clockWentBack = nowMs < beganMs;
      long leftMs = intervalMs - (nowMs - beganMs);
      return leftMs > 0 && !clockWentBack
          ? new Next.Rest(leftMs)
          : began(nowMs).next(files, nowMs, intervalMs);
    }
    for (UUID each : files.keySet()) {
      int order = region == null ? 1 : each.compareTo(region);
      long after = order > 0 ? BEFORE_ALL : end;
      if (order >= 0) {
        for (SealedFile file : files.get(each)) {
          if (file.end() > after) {
            return new Next.Check(each, file, new ScrubRound(beganMs, false, each, file.end()));
          }
        }
      }
    }
    return new Next.Finish(new ScrubRound(beganMs, true, null, BEFORE_ALL));
  }
}
