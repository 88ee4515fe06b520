package io.sluice.datanode.pipe;

import io.sluice.sync.sender.port.PieceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link to a region's file, or a copy that was cut; either way a name of its own. */
record OutgoingFile(Path path, long lengthBytes, int crc32c) implements PieceFile {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is deleted at the next start.
      LOG.warn("{} stays until the next start", path, e);
    }
  }
}
