package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Rows of several regions as one: each region has some of the columns, rows with the same time
 * become one row. Not thread-safe; closing it closes the inputs.
 */
public final class MergedRows implements RowBlocks {
  private final List<Input> inputs;
  private final RowMerge merge;

  /**
   * One region's rows, all inputs in the same order of time.
   *
   * @param rows whose blocks have as many columns as {@code columns} has entries
   * @param columns where in the result each of them goes; no two inputs share one
   */
  public record Input(RowBlocks rows, List<Integer> columns) {
    public Input {
      columns = List.copyOf(columns);
    }
  }

  /**
   * @param types of the result's columns
   * @param descending as the inputs are
   */
  public MergedRows(
      List<Input> inputs, List<TSDataType> types, boolean descending, ReadOptions options) {
    this.inputs = List.copyOf(inputs);
    TimeOrder order = TimeOrder.of(descending);
    List<BlockInput> merged = new ArrayList<>();
    for (Input input : inputs) {
      merged.add(new BlockInput(input, order));
    }
    this.merge = new RowMerge(order, List.copyOf(types), merged, options);
  }

  @Override
  public TsBlock next() throws StatusException {
    return merge.next(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Input input : inputs) {
      try {
        input.rows().close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** One input, block by block. */
  private static final class BlockInput implements RowMerge.Input {
    private final Input input;
    private final TimeOrder order;
    private TsBlock block;
    private KeyedPoints keys;
    private boolean ended;

    BlockInput(Input input, TimeOrder order) {
      this.input = input;
      this.order = order;
    }

    @Override
    public KeyedPoints keys() throws StatusException {
      if (keys == null && !ended) {
        block = input.rows().next();
        ended = block == null;
        keys = ended ? null : keysOf(block);
      }
      return keys;
    }

    private KeyedPoints keysOf(TsBlock rows) {
      long[] found = new long[rows.getPositionCount()];
      for (int i = 0; i < found.length; i++) {
        found[i] = order.key(rows.getTimeByIndex(i));
      }
      return new KeyedPoints(found, found, 0, found.length);
    }

    @Override
    public void take(BlockColumns target, int firstRow, KeyUnion rows, long lastKey) {
      int end = RowMerge.endAt(keys, lastKey);
      int[] rowOf = new int[end - keys.from()];
      for (int i = 0, row = 0; i < rowOf.length; i++, row++) {
        while (rows.keys()[row] != keys.keys()[keys.from() + i]) {
          row++;
        }
        rowOf[i] = firstRow + row;
      }
      for (int i = 0; i < input.columns().size(); i++) {
        Column source = block.getColumn(i);
        target.copy(input.columns().get(i), rowOf, source, keys.from());
      }
      keys = end == keys.to() ? null : keys.startingAt(end);
    }
  }
}
