package io.sluice.sync.sender.port;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.SeriesConflict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One region as a source: ranges of its log, sealed into files. Thread-safe; calls may block. */
public interface SourceRegion {
  UUID id();

  String database();

  /**
   * Whether the pipe ships this region now: not while it has still to ship one that this one's
   * devices were in before. {@link SourceRegions.Listener#ledChanged} is called when that changes.
   * Not blocking.
   */
  boolean shippedBy(long pipeNumber);

  Lineage lineage();

  /**
   * Last log index there is; at or above the end of every range that was ever handed out. Read it
   * after {@link #lineage}.
   */
  long logEnd();

  /** Index of the last entry that changed points or schema: past it nothing is left to ship. */
  long lastDataIndex();

  /** The sealed files whose end is above {@code index}, and what is in no file yet. */
  Backlog backlogAfter(long index);

  /**
   * The first durable range whose end is above {@code index}, and what to ship of it as it looks
   * now, without what is held back or not wanted. Its start is at or below {@code index}: what lies
   * between holds nothing. A series that rejoins comes as a range of its own, before any range that
   * has it again.
   *
   * @return empty when no further range is durable
   * @throws IOException when it cannot be read or cut; trying again may help
   */
  Optional<ReadyRange> openNextAfter(long index, Wanted wanted) throws IOException;

  /**
   * Ranges that end at {@code sinceIndex} or later are without these series for this pipe from now
   * on; durable on return, wherever the region is led next.
   *
   * @return how many of them were not held back so far
   * @throws IOException when it could not be written down; it may have been
   */
  int holdBack(long pipeNumber, long sinceIndex, List<SeriesConflict> series) throws IOException;

  /** How many series the pipe holds back of this region now. Not blocking. */
  int heldBack(long pipeNumber);

  /** The pipe is no more: what it held back is forgotten, if it can be written down now. */
  void forgetPipe(long pipeNumber);

  /** A pipe waits for rows that are still in memory: seal soon after the last one. Not blocking. */
  void sealSoon();
}
