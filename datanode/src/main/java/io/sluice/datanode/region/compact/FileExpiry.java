package io.sluice.datanode.region.compact;

/** Which points are so old that their files may go. Thread-safe; must not block. */
@FunctionalInterface
public interface FileExpiry {
  /** No file goes. */
  FileExpiry NEVER = database -> Long.MIN_VALUE;

  /**
   * The first time stamp of a database that has not expired; Long.MIN_VALUE when points never
   * expire or when that is not known for sure now.
   */
  long firstTimeMs(String database);
}
