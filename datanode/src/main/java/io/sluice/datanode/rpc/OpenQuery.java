package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.statement.StatementResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;

/**
 * A query's rows on their way to the client, cut into fetches: at most as many rows as asked for,
 * and far fewer bytes than a reply may have. Not thread-safe.
 */
final class OpenQuery {
  /** A fetch ends with the block that passes this. */
  static final int FETCH_BYTES = 4 << 20;

  /** A block larger than this is halved until it fits. */
  static final int BLOCK_BYTES_MAX = 24 << 20;

  private final long id;
  private final long statementId;
  private final StatementResult.Rows rows;
  private TsBlock ahead;
  private boolean ended;
  private long usedMs;

  OpenQuery(long id, long statementId, StatementResult.Rows rows, long nowMs) {
    this.id = id;
    this.statementId = statementId;
    this.rows = rows;
    this.usedMs = nowMs;
  }

  long id() {
    return id;
  }

  long statementId() {
    return statementId;
  }

  StatementResult.Rows rows() {
    return rows;
  }

  long usedMs() {
    return usedMs;
  }

  void used(long nowMs) {
    usedMs = nowMs;
  }

  /** The next blocks as clients read them; empty at the end. */
  List<ByteBuffer> fetch(int fetchRows) throws StatusException {
    List<ByteBuffer> blocks = new ArrayList<>();
    long bytes = 0;
    int rowsLeft = fetchRows;
    while (rowsLeft > 0 && bytes < FETCH_BYTES && look()) {
      TsBlock block = ahead;
      int take = Math.min(rowsLeft, block.getPositionCount());
      ByteBuffer written = write(block.getRegion(0, take));
      while (written.remaining() > BLOCK_BYTES_MAX) {
        if (take == 1) {
          throw new StatusException(
              StatusCode.EXECUTE_ERROR,
              "a row of " + written.remaining() + " bytes is larger than a reply can be");
        }
        take = (take + 1) / 2;
        written = write(block.getRegion(0, take));
      }
      ahead = take == block.getPositionCount() ? null : block.subTsBlock(take);
      blocks.add(written);
      bytes += written.remaining();
      rowsLeft -= take;
    }
    return blocks;
  }

  /** Whether a further fetch has rows. */
  boolean more() throws StatusException {
    return look();
  }

  private boolean look() throws StatusException {
    while (!ended && (ahead == null || ahead.isEmpty())) {
      ahead = rows.blocks().next();
      ended = ahead == null;
    }
    return !ended;
  }

  /** A region's columns are always of the six old types, so clients of 1.x can read them too. */
  private static ByteBuffer write(TsBlock region) throws StatusException {
    try {
      return new TsBlockSerde().serialize(region);
    } catch (IOException e) {
      throw new StatusException(StatusCode.EXECUTE_ERROR, "rows could not be written", e);
    }
  }

  /** The type clients of 1.x know whose values have the same bytes. */
  static TSDataType older(TSDataType type) {
    return switch (type) {
      case TIMESTAMP -> TSDataType.INT64;
      case DATE -> TSDataType.INT32;
      case STRING, BLOB -> TSDataType.TEXT;
      default -> type;
    };
  }

  void close() {
    rows.blocks().close();
  }
}
