package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Lines columns up by key into blocks of rows: a row for each key that any column has. Works in
 * stretches: as far as every column's points are in memory, the union of their keys is the next
 * rows. Not thread-safe.
 */
final class RowMerge {
  /** Rows that are added before looking again how many bytes of text a block has got. */
  private static final int TEXT_STRETCH_ROWS = 128;

  private static final int ROWS_MIN = 64;
  private static final int VALUE_BYTES = 9;

  /** One or more columns whose keys are the same points' keys. */
  interface Input {
    /** Keys not yet taken, at least one; null at the end. */
    KeyedPoints keys() throws StatusException;

    /**
     * Takes what of {@link #keys} is in the rows added last, up to {@code lastKey}, and sets the
     * values.
     */
    void take(BlockColumns block, int firstRow, KeyUnion rows, long lastKey);
  }

  private final TimeOrder order;
  private final List<TSDataType> types;
  private final List<? extends Input> inputs;
  private final ReadOptions options;
  private final boolean texts;
  private final KeyUnion union = new KeyUnion();

  RowMerge(
      TimeOrder order, List<TSDataType> types, List<? extends Input> inputs, ReadOptions options) {
    this.order = order;
    this.types = types;
    this.inputs = inputs;
    this.options = options;
    this.texts =
        types.contains(TSDataType.TEXT)
            || types.contains(TSDataType.STRING)
            || types.contains(TSDataType.BLOB);
  }

  /** The next rows, at most {@code rowsMax} of them; null at the end. */
  TsBlock next(long rowsMax) throws StatusException {
    int fitting = options.blockBytesMax() / (Long.BYTES + VALUE_BYTES * types.size());
    int rows = Math.min(options.blockRowsMax(), Math.max(ROWS_MIN, fitting));
    BlockColumns block = new BlockColumns(order, types, (int) Math.min(rows, rowsMax));
    while (block.room() > 0 && block.binaryBytes() < options.blockBytesMax()) {
      if (!addStretch(block)) {
        break;
      }
    }
    return block.rows() == 0 ? null : block.build();
  }

  /** False at the end. */
  private boolean addStretch(BlockColumns block) throws StatusException {
    long horizon = Long.MAX_VALUE;
    boolean any = false;
    for (Input input : inputs) {
      KeyedPoints keys = input.keys();
      if (keys != null) {
        horizon = Math.min(horizon, keys.lastKey());
        any = true;
      }
    }
    if (!any) {
      return false;
    }
    int most = texts ? Math.min(TEXT_STRETCH_ROWS, block.room()) : block.room();
    union.clear();
    for (Input input : inputs) {
      KeyedPoints keys = input.keys();
      if (keys != null && keys.firstKey() <= horizon) {
        union.add(keys.upTo(end(keys, horizon, most)), most);
      }
    }
    int firstRow = block.addRows(union.keys(), union.count());
    for (Input input : inputs) {
      KeyedPoints keys = input.keys();
      if (keys != null && keys.firstKey() <= union.last()) {
        input.take(block, firstRow, union, union.last());
      }
    }
    return true;
  }

  private static int end(KeyedPoints keys, long lastKey, int most) {
    KeyedPoints near = keys.count() > most ? keys.upTo(keys.from() + most) : keys;
    return endAt(near, lastKey);
  }

  /** The position behind the last key that is not above {@code lastKey}. */
  static int endAt(KeyedPoints keys, long lastKey) {
    return lastKey == Long.MAX_VALUE ? keys.to() : keys.position(lastKey + 1);
  }
}
