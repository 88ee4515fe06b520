package io.sluice.datanode.region.store;

import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.file.Path;

/** Where a region gets the file of a LoadFile entry that is in its log but not in its folder. */
public interface MissingFiles {
  /** Nobody else has it: the region stops and its operator has to act. */
  MissingFiles NOWHERE =
      (index, load, target) -> {
        throw new RegionRefusedException(
            "staged file " + target + " of log entry " + index + " is missing or not whole");
      };

  /**
   * Puts the file there, however long it takes. Called by the applying thread.
   *
   * @param target where it is to be; what is there is not the file
   * @throws IOException when nobody can have it, or the region is closing meanwhile
   */
  void fetch(long index, LogEntry.LoadFile load, Path target) throws IOException;
}
