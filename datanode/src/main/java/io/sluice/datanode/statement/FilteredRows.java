package io.sluice.datanode.statement;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RowBlocks;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;

/** Only the rows a condition holds for, without the columns that were read for it alone. */
final class FilteredRows implements RowBlocks {
  private final RowBlocks rows;
  private final RowTest test;
  private final List<TSDataType> shown;

  /**
   * @param shown types of the first columns; those after them are left out
   */
  FilteredRows(RowBlocks rows, RowTest test, List<TSDataType> shown) {
    this.rows = rows;
    this.test = test;
    this.shown = shown;
  }

  @Override
  public TsBlock next() throws StatusException {
    for (TsBlock block = rows.next(); block != null; block = rows.next()) {
      TsBlockBuilder kept = new TsBlockBuilder(block.getPositionCount(), shown);
      for (int row = 0; row < block.getPositionCount(); row++) {
        if (test.holds(block, row)) {
          copy(block, row, kept);
        }
      }
      if (!kept.isEmpty()) {
        return kept.build();
      }
    }
    return null;
  }

  private void copy(TsBlock block, int row, TsBlockBuilder kept) {
    kept.getTimeColumnBuilder().writeLong(block.getTimeByIndex(row));
    for (int i = 0; i < shown.size(); i++) {
      if (block.getColumn(i).isNull(row)) {
        kept.getColumnBuilder(i).appendNull();
      } else {
        kept.getColumnBuilder(i).write(block.getColumn(i), row);
      }
    }
    kept.declarePosition();
  }

  @Override
  public void close() {
    rows.close();
  }
}
