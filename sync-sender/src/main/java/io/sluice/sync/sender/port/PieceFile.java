package io.sluice.sync.sender.port;

import io.sluice.common.sync.frame.Frame;
import java.nio.file.Path;

/**
 * A file to ship, unchanged until closed. Closing deletes it when it was cut for this piece alone.
 */
public interface PieceFile extends AutoCloseable {
  Path path();

  /** What its bytes are. */
  default Frame.Content content() {
    return Frame.Content.POINTS;
  }

  long lengthBytes();

  /** Of the whole file. */
  int crc32c();

  @Override
  void close();
}
