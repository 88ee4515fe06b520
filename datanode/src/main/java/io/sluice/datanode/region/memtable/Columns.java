package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/** Value arrays of any type (see {@link PointBatch}), handled by position. Stateless. */
final class Columns {
  private Columns() {}

  /** A new array with the values at {@code positions}, in that order. */
  static Object gather(TSDataType type, Object values, int[] positions) {
    int count = positions.length;
    Object into = PointBatch.newValues(type, count);
    switch (type) {
      case BOOLEAN -> {
        boolean[] from = (boolean[]) values;
        boolean[] to = (boolean[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
      case INT32, DATE -> {
        int[] from = (int[]) values;
        int[] to = (int[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
      case INT64, TIMESTAMP -> {
        long[] from = (long[]) values;
        long[] to = (long[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
      case FLOAT -> {
        float[] from = (float[]) values;
        float[] to = (float[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
      case DOUBLE -> {
        double[] from = (double[]) values;
        double[] to = (double[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
      default -> {
        Binary[] from = (Binary[]) values;
        Binary[] to = (Binary[]) into;
        for (int i = 0; i < count; i++) {
          to[i] = from[positions[i]];
        }
      }
    }
    return into;
  }

  /** Puts a boxed value, as in {@link io.sluice.datanode.region.entry.LogEntry.Row}. */
  static void set(TSDataType type, Object values, int position, Object value) {
    switch (type) {
      case BOOLEAN -> ((boolean[]) values)[position] = (Boolean) value;
      case INT32, DATE -> ((int[]) values)[position] = (Integer) value;
      case INT64, TIMESTAMP -> ((long[]) values)[position] = (Long) value;
      case FLOAT -> ((float[]) values)[position] = (Float) value;
      case DOUBLE -> ((double[]) values)[position] = (Double) value;
      default -> ((Binary[]) values)[position] = (Binary) value;
    }
  }
}
