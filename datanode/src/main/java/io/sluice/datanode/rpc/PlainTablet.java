package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * The protocol's fixed-width layout of a tablet: time stamps of 8 bytes; the values column after
 * column, texts with their length before them; then, if anything follows, a flag byte per column
 * and after a flag of 1 a bitmap of rows / 8 + 1 bytes. Big-endian.
 */
final class PlainTablet {
  private PlainTablet() {}

  /**
   * That the buffers hold exactly what they should; neither buffer's position moves.
   *
   * @throws StatusException 303 naming what is wrong
   */
  static void check(List<TSDataType> types, int rows, ByteBuffer times, ByteBuffer values)
      throws StatusException {
    if (times == null || values == null || times.remaining() != (long) rows * Long.BYTES) {
      throw illegal(
          "%d rows need %d bytes of time stamps, not %d"
              .formatted(rows, (long) rows * Long.BYTES, times == null ? 0 : times.remaining()));
    }
    long at = values.position();
    for (int i = 0; i < types.size(); i++) {
      at = end(types.get(i), rows, values, at, i);
    }
    if (at == values.limit()) {
      return;
    }
    for (int i = 0; i < types.size(); i++) {
      if (at >= values.limit()) {
        throw illegal("the null flags end before column " + i);
      }
      boolean hasNulls = values.get((int) at) == 1;
      at += 1 + (hasNulls ? rows / Byte.SIZE + 1 : 0);
    }
    if (at != values.limit()) {
      throw illegal("the values have %d bytes, not %d".formatted(values.limit(), at));
    }
  }

  private static long end(TSDataType type, int rows, ByteBuffer values, long start, int column)
      throws StatusException {
    long at = start;
    switch (type) {
      case BOOLEAN -> at += rows;
      case INT32, DATE, FLOAT -> at += (long) rows * Integer.BYTES;
      case INT64, TIMESTAMP, DOUBLE -> at += (long) rows * Long.BYTES;
      default -> {
        for (int row = 0; row < rows; row++) {
          if (at + Integer.BYTES > values.limit()) {
            throw tooShort(column);
          }
          int lengthBytes = values.getInt((int) at);
          if (lengthBytes < 0) {
            throw illegal("a text of column " + column + " has a length of " + lengthBytes);
          }
          at += Integer.BYTES + lengthBytes;
        }
      }
    }
    if (at > values.limit()) {
      throw tooShort(column);
    }
    return at;
  }

  private static StatusException tooShort(int column) {
    return illegal("the values end before column " + column + " does");
  }

  private static StatusException illegal(String text) {
    return new StatusException(StatusCode.ILLEGAL_PARAMETER, text);
  }
}
