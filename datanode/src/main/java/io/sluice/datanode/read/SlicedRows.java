package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * LIMIT and OFFSET: leaves out the first rows and ends early. Not thread-safe; closing it closes
 * the rows it reads.
 */
public final class SlicedRows implements RowBlocks {
  private final RowBlocks rows;
  private long toSkip;
  private long left;

  /**
   * @param limit rows at most, 0 for all
   */
  public SlicedRows(RowBlocks rows, long limit, long offset) {
    this.rows = rows;
    this.toSkip = offset;
    this.left = limit == 0 ? Long.MAX_VALUE : limit;
  }

  @Override
  public TsBlock next() throws StatusException {
    while (left > 0) {
      TsBlock block = rows.next();
      if (block == null) {
        return null;
      }
      int count = block.getPositionCount();
      if (toSkip >= count) {
        toSkip -= count;
        continue;
      }
      int from = (int) toSkip;
      toSkip = 0;
      int take = (int) Math.min(left, count - from);
      left -= take;
      return take == count ? block : block.getRegion(from, take);
    }
    return null;
  }

  @Override
  public void close() {
    rows.close();
  }
}
