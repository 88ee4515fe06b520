package io.sluice.datanode.point;

import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/**
 * Points of one series as parallel primitive arrays: {@code times[0..count)} strictly ascending,
 * and in {@code values} the array of the type's class: {@code boolean[]} for BOOLEAN, {@code int[]}
 * for INT32 and DATE (yyyymmdd), {@code long[]} for INT64 and TIMESTAMP, {@code float[]}, {@code
 * double[]}, {@code Binary[]} for TEXT, STRING and BLOB. Arrays may be longer than {@code count}
 * and are shared: readers never write to them.
 */
public record PointBatch(TSDataType type, long[] times, Object values, int count) {
  public boolean[] booleans() {
    return (boolean[]) values;
  }

  public int[] ints() {
    return (int[]) values;
  }

  public long[] longs() {
    return (long[]) values;
  }

  public float[] floats() {
    return (float[]) values;
  }

  public double[] doubles() {
    return (double[]) values;
  }

  public Binary[] binaries() {
    return (Binary[]) values;
  }

  public TimeRange range() {
    return new TimeRange(times[0], times[count - 1]);
  }

  /** A new value array for {@code length} points of {@code type}, as described above. */
  public static Object newValues(TSDataType type, int length) {
    return switch (type) {
      case BOOLEAN -> new boolean[length];
      case INT32, DATE -> new int[length];
      case INT64, TIMESTAMP -> new long[length];
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
      case TEXT, STRING, BLOB -> new Binary[length];
      default -> throw new IllegalArgumentException("no points of type " + type);
    };
  }
}
