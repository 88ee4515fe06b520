package io.sluice.sync.receiver.port;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** Knows which region of a database each device's points belong to. Thread-safe. */
public interface PieceSplitter {
  /**
   * The parts of {@code file} by target, without copying where one target gets all of it. The file
   * is durable, verified, and never changed; it stays until the parts are closed.
   *
   * @param database whose regions the devices belong to
   * @param wanted targets whose parts are needed; others are left out
   * @throws DamagedPieceException when it is no file this cluster can read
   * @throws TargetUnavailableException when it is not known where the devices belong
   * @throws IOException when a part could not be written
   */
  List<PiecePart> split(
      Path file, long lengthBytes, int crc32c, String database, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException;

  /**
   * The parts of a deletion by target; a target that none of its series belong to has none. The
   * same rules as above.
   */
  List<PiecePart> splitDeletion(Path file, String database, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException;
}
