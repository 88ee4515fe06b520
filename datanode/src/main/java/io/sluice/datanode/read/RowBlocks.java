package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Rows in time order, block by block. One time stamp is never split over two blocks. Not
 * thread-safe; close it even after the end.
 */
public interface RowBlocks extends AutoCloseable {
  /**
   * The next block, never empty; null at the end.
   *
   * @throws StatusException when the rows cannot be read (a damaged file, a region that went away)
   */
  TsBlock next() throws StatusException;

  @Override
  void close();
}
