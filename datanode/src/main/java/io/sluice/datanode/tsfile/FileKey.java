package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Which immutable file: another file that later has the same name has another checksum.
 *
 * @param lengthBytes of the whole file
 * @param crc32c of the whole file
 */
public record FileKey(Path path, long lengthBytes, int crc32c) {
  /**
   * Reads the whole file and compares. What cuts a file, or reads it without {@link
   * SealedFileReader}, does this first.
   *
   * @throws DamagedFileException when it is not this file
   */
  public void check() throws IOException {
    try (OpenTsFile file = OpenTsFile.open(path)) {
      file.check(this);
    }
  }
}
