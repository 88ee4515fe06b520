package io.sluice.datanode.region;

import java.nio.file.Path;
import java.util.List;

/**
 * A region as of one of its durable ranges, as files that stay as they are until {@link #close}: a
 * copy of them all is a region's folder of its own. Thread-safe.
 */
public interface DurableImage extends AutoCloseable {
  /**
   * One file.
   *
   * @param name relative to the region's folder, with '/': {@code manifest-0}, {@code files/...}
   * @param path where it can be read until the image is closed
   * @param crc32c of all its bytes
   */
  record Entry(String name, Path path, long lengthBytes, int crc32c) {}

  List<Entry> entries();

  /** May be called more than once. */
  @Override
  void close();
}
