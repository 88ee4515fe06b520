package io.sluice.sync.sender.port;

import io.sluice.common.sync.Lineage;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** One region as a source: ranges of its log, sealed into files. Thread-safe; calls may block. */
public interface SourceRegion {
  UUID id();

  String database();

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
   * The first durable range whose end is above {@code index}, and its file as it looks now:
   * deletions cut out, and points before {@code startTimeMs}. Its start is at or below {@code
   * index}: what lies between holds nothing.
   *
   * @param receiver the cluster it is for: what came from there does not go back
   * @return empty when no further range is durable
   * @throws IOException when it cannot be read or cut; trying again may help
   */
  Optional<ReadyRange> openNextAfter(long index, long startTimeMs, UUID receiver)
      throws IOException;

  /** A pipe waits for rows that are still in memory: seal soon after the last one. Not blocking. */
  void sealSoon();
}
