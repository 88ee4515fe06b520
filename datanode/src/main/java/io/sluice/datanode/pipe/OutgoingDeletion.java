package io.sluice.datanode.pipe;

import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.port.PieceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A deletion written down to be sent. */
record OutgoingDeletion(OutgoingFile file) implements PieceFile {

  /**
   * @param target does not exist
   */
  static OutgoingDeletion write(Path target, byte[] bytes) throws IOException {
    Files.write(target, bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return new OutgoingDeletion(new OutgoingFile(target, bytes.length, (int) crc.getValue()));
  }

  @Override
  public Frame.Content content() {
    return Frame.Content.DELETION;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long lengthBytes() {
    return file.lengthBytes();
  }

  @Override
  public int crc32c() {
    return file.crc32c();
  }

  @Override
  public void close() {
    file.close();
  }
}
