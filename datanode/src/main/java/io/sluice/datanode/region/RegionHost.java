package io.sluice.datanode.region;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The regions of one DataNode: one Raft server for all of them, one thread that writes their sealed
 * memtables. Thread-safe.
 */
public final class RegionHost implements AutoCloseable {

  private RegionHost() {}

  /**
   * Opens every region found in the folder and starts the Raft server; on return the regions of one
   * member lead and have replayed their logs.
   *
   * @throws RegionRefusedException a folder of another cluster, a damaged manifest, a missing log:
   *     one readable line that says what to do
   * @throws IOException the disk or the port failed
   */
  public static RegionHost open(RegionHostOptions options, SealedFileWriter writer)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /** The port the Raft server listens on, also when 0 was asked for. */
  public int raftPort() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Makes the replica of a new region and starts it; returns the running one when there is one
   * already. With a single member it leads on return.
   */
  public Region create(UUID id, String database, List<RegionMember> members)
      throws StatusException {
    throw new UnsupportedOperationException("not yet");
  }

  /** Stops the replica and removes its files and log; nothing happens when there is none. */
  public void delete(UUID id) throws StatusException {
    throw new UnsupportedOperationException("not yet");
  }

  public Optional<Region> find(UUID id) {
    throw new UnsupportedOperationException("not yet");
  }

  public List<Region> all() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Stops everything; what was acknowledged is in the logs. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
