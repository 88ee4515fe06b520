package io.sluice.sync.sender.port;

import java.nio.file.Path;

/**
 * A file to ship, unchanged until closed. Closing deletes it when it was cut for this piece alone.
 */
public interface PieceFile extends AutoCloseable {
  Path path();

  long lengthBytes();

  /** Of the whole file. */
  int crc32c();

  @Override
  void close();
}
