package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import java.util.Arrays;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/** Merged points of one series, each with the file it goes to. Not thread-safe. */
final class MergedPoints {
  private static final int FIRST_CAPACITY = 256;

  private final TSDataType type;
  private long[] times = new long[FIRST_CAPACITY];
  private Object values;
  private byte[] targets = new byte[FIRST_CAPACITY];
  private int count;
  private long textBytes;
  private int addedLast;

  MergedPoints(TSDataType type) {
    this.type = type;
    this.values = PointBatch.newValues(type, FIRST_CAPACITY);
  }

  int count() {
    return count;
  }

  /** Of texts and blobs; 0 for other types. */
  long textBytes() {
    return textBytes;
  }

  long lastTime() {
    return times[count - 1];
  }

  /** How many points {@link #add} took. */
  int addedLast() {
    return addedLast;
  }

  /**
   * Takes points {@code [from, to)}, at least one, until there are {@code textBytesMax} bytes of
   * texts.
   */
  void add(PointBatch source, int from, int to, int target, int textBytesMax) {
    int end = to;
    if (source.values() instanceof Binary[] texts) {
      end = from;
      while (end < to && (end == from || textBytes < textBytesMax)) {
        textBytes += texts[end++].getLength();
      }
    }
    addedLast = end - from;
    ensure(count + addedLast);
    System.arraycopy(source.times(), from, times, count, addedLast);
    System.arraycopy(source.values(), from, values, count, addedLast);
    Arrays.fill(targets, count, count + addedLast, (byte) target);
    count += addedLast;
  }

  private void ensure(int capacity) {
    if (times.length < capacity) {
      int larger = Math.max(capacity, 2 * times.length);
      Object grown = PointBatch.newValues(type, larger);
      System.arraycopy(values, 0, grown, 0, count);
      values = grown;
      times = Arrays.copyOf(times, larger);
      targets = Arrays.copyOf(targets, larger);
    }
  }

  /** The first position whose time is after {@code time}. */
  int positionAfter(long time) {
    int found = Arrays.binarySearch(times, 0, count, time);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** Of the first {@code end} points those that go to a target; good until the next change. */
  PointBatch of(int target, int end) {
    int own = 0;
    for (int i = 0; i < end; i++) {
      own += targets[i] == target ? 1 : 0;
    }
    if (own == end) {
      return new PointBatch(type, times, values, end);
    }
    long[] ownTimes = new long[own];
    Object ownValues = PointBatch.newValues(type, own);
    int to = 0;
    for (int i = 0; i < end; i++) {
      if (targets[i] == target) {
        ownTimes[to] = times[i];
        System.arraycopy(values, i, ownValues, to++, 1);
      }
    }
    return new PointBatch(type, ownTimes, ownValues, own);
  }

  /** Lets go of the first {@code end} points. */
  void drop(int end) {
    int left = count - end;
    System.arraycopy(times, end, times, 0, left);
    System.arraycopy(values, end, values, 0, left);
    System.arraycopy(targets, end, targets, 0, left);
    count = left;
    textBytes = 0;
    if (values instanceof Binary[] texts) {
      Arrays.fill(texts, left, left + end, null);
      for (int i = 0; i < left; i++) {
        textBytes += texts[i].getLength();
      }
    }
  }
}
