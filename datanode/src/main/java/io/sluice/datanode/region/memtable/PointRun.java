package io.sluice.datanode.region.memtable;

import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/**
 * Points of one series as one write brought them, as in {@link io.sluice.datanode.point.PointBatch}
 * but in the writer's order. Arrays are never written to again and may be shared between the
 * columns of a tablet.
 *
 * @param ascending whether the times are strictly ascending
 * @param bytes heap this run costs; a shared time array counts once
 */
public record PointRun(
    TSDataType type, long[] times, Object values, int count, boolean ascending, long bytes) {
  /** Heap of a Binary object with its array header, without the text. */
  private static final int BINARY_OVERHEAD_BYTES = 48;

  private static final int RUN_OVERHEAD_BYTES = 64;

  /** Heap of {@code count} values; texts are looked at. */
  static long valueBytes(TSDataType type, Object values, int count) {
    return RUN_OVERHEAD_BYTES
        + switch (type) {
          case BOOLEAN -> count;
          case INT32, DATE, FLOAT -> 4L * count;
          case INT64, TIMESTAMP, DOUBLE -> 8L * count;
          default -> textBytes((Binary[]) values, count);
        };
  }

  private static long textBytes(Binary[] values, int count) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += BINARY_OVERHEAD_BYTES + values[i].getLength();
    }
    return bytes;
  }

  static boolean strictlyAscending(long[] times, int count) {
    for (int i = 1; i < count; i++) {
      if (times[i] <= times[i - 1]) {
        return false;
      }
    }
    return true;
  }
}
