package io.sluice.sync.receiver.port;

import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The receiving cluster's files that are rotten, that no other replica has, and whose rows one
 * sending cluster brought. Calls may block. Thread-safe.
 */
public interface RottenFiles {
  /**
   * @param origin that sending cluster
   */
  List<RottenFile> of(UUID origin, String database) throws TargetUnavailableException;

  /** A path where rows may be put on their way in; it does not exist. */
  Path scratch() throws IOException;

  /**
   * Takes down what one region of the sender has of a file's times; once all of them have said so,
   * it takes the file's place.
   *
   * @param rows a whole TsFile, which stays its owner's; null: none that are not here already
   * @param sentFromMs rows before it the sender does not have any more, or does not send
   * @param again whether the same was said before and answered {@link Mended.State#WORKS}
   */
  Mended mend(
      String database, RottenFile file, Source source, Path rows, long sentFromMs, boolean again)
      throws TargetUnavailableException;
}
