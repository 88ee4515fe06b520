package io.sluice.datanode.region.compact;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What pipes still need of the regions led here. Thread-safe; must not block. */
public interface PipeFloors {
  /** It is not known yet which pipes there are. */
  PipeFloors UNKNOWN = region -> Optional.empty();

  /**
   * One per pipe there is, running or not; a pipe of which nothing is known here is at 0.
   *
   * @return empty while it is not known which pipes there are: nothing is to be merged then
   */
  Optional<List<PipeFloor>> of(UUID region);
}
