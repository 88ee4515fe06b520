package io.sluice.datanode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.statement.ResultColumn;
import io.sluice.datanode.statement.StatementResult;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.BinaryColumn;
import org.apache.tsfile.read.common.block.column.IntColumn;
import org.apache.tsfile.read.common.block.column.TimeColumn;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;

/** How rows are cut into replies. */
class OpenQueryTest {
  private static OpenQuery query(TsBlock... blocks) {
    Deque<TsBlock> left = new ArrayDeque<>(List.of(blocks));
    RowBlocks rows =
        new RowBlocks() {
          @Override
          public TsBlock next() {
            return left.poll();
          }

          @Override
          public void close() {}
        };
    List<ResultColumn> columns = List.of(new ResultColumn("c", TSDataType.TEXT, 0));
    return new OpenQuery(1, 1, new StatementResult.Rows(columns, true, rows), 0);
  }

  private static TsBlock texts(int rows, int bytesEach) {
    long[] times = new long[rows];
    Binary[] values = new Binary[rows];
    for (int i = 0; i < rows; i++) {
      times[i] = i;
      values[i] = new Binary(new byte[bytesEach]);
    }
    return new TsBlock(
        new TimeColumn(rows, times), new BinaryColumn(rows, Optional.empty(), values));
  }

  @Test
  void blocksHoldOnlyTypesOldClientsKnow() throws Exception {
    TsBlock day =
        new TsBlock(
            new TimeColumn(1, new long[] {5}),
            new IntColumn(1, Optional.empty(), new int[] {20_240_501}, TSDataType.DATE));
    ByteBuffer old = query(day).fetch(1).get(0);
    assertThat(old.get(old.position() + Integer.BYTES)).isEqualTo(TSDataType.INT32.getType());
  }

  @Test
  void largeRowsAreSpreadOverReplies() throws Exception {
    OpenQuery query = query(texts(40, 2 << 20), texts(3, 10));
    List<Long> times = new ArrayList<>();
    int replies = 0;
    while (query.more()) {
      long bytes = 0;
      for (ByteBuffer block : query.fetch(10_000)) {
        bytes += block.remaining();
        TsBlock read = new TsBlockSerde().deserialize(block);
        for (int i = 0; i < read.getPositionCount(); i++) {
          times.add(read.getTimeByIndex(i));
        }
      }
      assertThat(bytes).isPositive().isLessThan(OpenQuery.BLOCK_BYTES_MAX + OpenQuery.FETCH_BYTES);
      replies++;
    }
    assertThat(times).hasSize(43);
    assertThat(times.subList(0, 40)).isSorted().doesNotHaveDuplicates();
    assertThat(replies).isGreaterThan(3);
    assertThat(query.fetch(10)).isEmpty();
  }

  @Test
  void aRowLargerThanAReplyIsRefused() {
    OpenQuery query = query(texts(2, OpenQuery.BLOCK_BYTES_MAX + 1));
    assertThatThrownBy(() -> query.fetch(10))
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("larger than a reply");
  }
}
