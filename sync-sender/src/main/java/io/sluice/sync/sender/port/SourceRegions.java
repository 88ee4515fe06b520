package io.sluice.sync.sender.port;

import java.util.List;
import java.util.UUID;

/** The regions this node leads, which are the ones it ships. Thread-safe. */
public interface SourceRegions {
  /** The sending cluster. */
  UUID clusterId();

  /** Those led here now; they come and go while pipes run. */
  List<SourceRegion> led();

  /** Adds a listener for as long as this object lives. */
  void listen(Listener listener);

  /** Called from any thread; must not block. */
  interface Listener {
    /** {@link SourceRegions#led} or {@link SourceRegion#shippedBy} has another answer now. */
    void ledChanged();

    /** A region's log went on, or a range of it became durable. */
    void advanced(UUID region);
  }
}
