package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import java.util.Arrays;
import org.apache.tsfile.enums.TSDataType;

/**
 * One series in a memtable: what writes brought, in their order. One thread appends; any thread
 * reads, and sees what was appended up to a log index it knows to be applied. Large runs are kept
 * as they came, small ones are gathered into growing tails.
 */
final class SeriesColumn {
  /** Runs shorter than this are copied into a tail: single rows must not cost an object each. */
  private static final int WHOLE_FROM_POINTS = 64;

  private final SeriesInfo info;

  /** Written before {@link #runCount}; elements below the count never change. */
  private volatile Part[] parts = new Part[2];

  private volatile int runCount;

  SeriesColumn(SeriesInfo info) {
    this.info = info;
  }

  SeriesInfo info() {
    return info;
  }

  /** Appends a run; returns the heap it costs. Only the applying thread calls this. */
  long append(PointRun run, long index) {
    if (run.count() >= WHOLE_FROM_POINTS) {
      add(new Whole(run, index));
      return run.bytes();
    }
    Part last = runCount == 0 ? null : parts[runCount - 1];
    if (!(last instanceof Tail tail) || !tail.hasRoomFor(run.count())) {
      last = new Tail(run.type());
      add(last);
    }
    ((Tail) last).append(run, index);
    return run.bytes() + (long) Long.BYTES * run.count();
  }

  private void add(Part part) {
    Part[] now = parts;
    int count = runCount;
    if (count == now.length) {
      now = Arrays.copyOf(now, count * 2);
    }
    now[count] = part;
    parts = now;
    runCount = count + 1;
  }

  /** Sorted points without duplicates of entries up to {@code upToIndex}; null for none. */
  PointBatch points(long upToIndex) {
    int count = runCount;
    Part[] now = parts;
    Slice[] slices = new Slice[count];
    int used = 0;
    int total = 0;
    boolean ordered = true;
    for (int i = 0; i < count; i++) {
      Slice slice = now[i].upTo(upToIndex);
      if (slice.count == 0) {
        break;
      }
      ordered &= slice.ascending && (used == 0 || slice.times[0] > slices[used - 1].lastTime());
      slices[used++] = slice;
      total = Math.addExact(total, slice.count);
    }
    if (used == 0) {
      return null;
    }
    TSDataType type = info.spec().type();
    if (used == 1 && ordered) {
      return new PointBatch(type, slices[0].times, slices[0].values, slices[0].count);
    }
    long[] times = new long[total];
    Object values = PointBatch.newValues(type, total);
    int at = 0;
    for (int i = 0; i < used; i++) {
      System.arraycopy(slices[i].times, 0, times, at, slices[i].count);
      System.arraycopy(slices[i].values, 0, values, at, slices[i].count);
      at += slices[i].count;
    }
    return ordered ? new PointBatch(type, times, values, total) : sorted(type, times, values);
  }

  private static PointBatch sorted(TSDataType type, long[] times, Object values) {
    int[] order = TimeOrder.lastOfEach(times, times.length);
    long[] sortedTimes = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      sortedTimes[i] = times[order[i]];
    }
    return new PointBatch(type, sortedTimes, Columns.gather(type, values, order), order.length);
  }

  /** The points of a part a reader may see. Arrays may be longer. */
  private record Slice(long[] times, Object values, int count, boolean ascending) {
    long lastTime() {
      return times[count - 1];
    }
  }

  private sealed interface Part permits Whole, Tail {
    Slice upTo(long index);
  }

  private record Whole(PointRun run, long index) implements Part {
    @Override
    public Slice upTo(long upToIndex) {
      int count = index <= upToIndex ? run.count() : 0;
      return new Slice(run.times(), run.values(), count, run.ascending());
    }
  }

  /** Gathers small runs. The arrays of one generation only ever grow at their end. */
  private static final class Tail implements Part {
    /** A full tail is left as it is: growing stays cheap. */
    private static final int POINTS_MAX = 8192;

    private static final int POINTS_FIRST = 4;

    /** Written before {@link #count}. */
    private volatile Arrays3 arrays;

    private volatile int count;
    private volatile boolean ascending = true;

    private record Arrays3(long[] times, Object values, long[] indexes) {}

    private final TSDataType type;

    Tail(TSDataType type) {
      this.type = type;
      this.arrays =
          new Arrays3(
              new long[POINTS_FIRST],
              PointBatch.newValues(type, POINTS_FIRST),
              new long[POINTS_FIRST]);
    }

    boolean hasRoomFor(int points) {
      return count + points <= POINTS_MAX;
    }

    void append(PointRun run, long index) {
      int from = count;
      int to = from + run.count();
      Arrays3 now = arrays;
      if (to > now.times.length) {
        now = grown(now, from, Math.max(to, from * 2));
        arrays = now;
      }
      boolean inOrder = run.ascending() && (from == 0 || run.times()[0] > now.times[from - 1]);
      if (!inOrder) {
        ascending = false;
      }
      System.arraycopy(run.times(), 0, now.times, from, run.count());
      System.arraycopy(run.values(), 0, now.values, from, run.count());
      Arrays.fill(now.indexes, from, to, index);
      count = to;
    }

    private Arrays3 grown(Arrays3 now, int used, int length) {
      Object values = PointBatch.newValues(type, length);
      System.arraycopy(now.values, 0, values, 0, used);
      return new Arrays3(
          Arrays.copyOf(now.times, length), values, Arrays.copyOf(now.indexes, length));
    }

    @Override
    public Slice upTo(long upToIndex) {
      int seen = count;
      Arrays3 now = arrays;
      while (seen > 0 && now.indexes[seen - 1] > upToIndex) {
        seen--;
      }
      return new Slice(now.times, now.values, seen, ascending);
    }
  }
}
