package io.sluice.datanode.statement;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RowBlocks;
import java.util.List;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.block.column.ColumnBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;

/**
 * Rows of several regions side by side: one row per time stamp, each region filling its own
 * columns. A region holds whole series, so no two fill the same column.
 */
final class MergedRows implements RowBlocks {
  private static final int BLOCK_ROWS = 1_000;

  private final List<Source> sources;
  private final List<TSDataType> types;
  private final boolean descending;
  private final Cursor[] cursors;

  /**
   * @param types of all columns
   * @param descending the order all sources have
   */
  MergedRows(List<Source> sources, List<TSDataType> types, boolean descending) {
    this.sources = sources;
    this.types = types;
    this.descending = descending;
    this.cursors = sources.stream().map(Cursor::new).toArray(Cursor[]::new);
  }

  /**
   * @param targets for each of its columns, which column of the result it is
   */
  record Source(RowBlocks blocks, int[] targets) {}

  @Override
  public TsBlock next() throws StatusException {
    TsBlockBuilder builder = new TsBlockBuilder(BLOCK_ROWS, types);
    ColumnBuilder[] columns = builder.getValueColumnBuilders();
    while (builder.getPositionCount() < BLOCK_ROWS && !builder.isFull()) {
      Cursor first = first();
      if (first == null) {
        break;
      }
      long time = first.time();
      builder.getTimeColumnBuilder().writeLong(time);
      for (Cursor cursor : cursors) {
        if (cursor.ready() && cursor.time() == time) {
          cursor.writeTo(columns);
        } else {
          cursor.writeNulls(columns);
        }
      }
      builder.declarePosition();
    }
    return builder.isEmpty() ? null : builder.build();
  }

  private Cursor first() throws StatusException {
    Cursor first = null;
    for (Cursor cursor : cursors) {
      if (cursor.ready()
          && (first == null
              || (descending ? cursor.time() > first.time() : cursor.time() < first.time()))) {
        first = cursor;
      }
    }
    return first;
  }

  @Override
  public void close() {
    sources.forEach(source -> source.blocks().close());
  }

  /** Where in a source's rows we are. */
  private static final class Cursor {
    private final Source source;
    private TsBlock block;
    private Column[] columns;
    private int row;
    private boolean ended;

    Cursor(Source source) {
      this.source = source;
    }

    boolean ready() throws StatusException {
      while (!ended && (block == null || row == block.getPositionCount())) {
        block = source.blocks().next();
        row = 0;
        ended = block == null;
        columns = ended ? null : block.getValueColumns();
      }
      return !ended;
    }

    long time() {
      return block.getTimeByIndex(row);
    }

    void writeTo(ColumnBuilder[] into) {
      for (int i = 0; i < columns.length; i++) {
        if (columns[i].isNull(row)) {
          into[source.targets()[i]].appendNull();
        } else {
          into[source.targets()[i]].write(columns[i], row);
        }
      }
      row++;
    }

    void writeNulls(ColumnBuilder[] into) {
      for (int target : source.targets()) {
        into[target].appendNull();
      }
    }
  }
}
