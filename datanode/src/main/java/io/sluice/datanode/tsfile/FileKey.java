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
  /** Slows down whoever reads a whole file. */
  @FunctionalInterface
  public interface Pace {
    /**
     * @param bytes were just read, at most a mebibyte
     * @throws IOException to stop reading
     */
    void read(int bytes) throws IOException;
  }

  /** The bytes of a file as they are now, whatever happens to its name meanwhile. */
  public interface Content extends AutoCloseable {
    /**
     * @throws DamagedFileException when they are not this file's
     */
    void check(Pace pace) throws IOException;

    @Override
    void close() throws IOException;
  }

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

  /** Opens it to be looked at slowly, see {@link #check}; it may be removed meanwhile. */
  public Content open() throws IOException {
    OpenTsFile file = OpenTsFile.open(path);
    return new Content() {
      @Override
      public void check(Pace pace) throws IOException {
        file.check(FileKey.this, pace);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
