package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/**
 * Turns a tablet's bytes into columns of primitives, one {@link PointRun} per column, null slots
 * left out. The layout is the client protocol's: rows × int64 times; columns one after another, all
 * rows of each; then, if bytes remain, per column a flag byte and, if it is 1, a null bitmap of
 * rows / 8 + 1 bytes, least significant bit first. Stateless.
 */
public final class TabletDecoder {
  /**
   * Largest tablet once decoded, without texts: more than a client's frame may have in the plain
   * layout, and a guard against what a few bytes of the encoded one can claim to be.
   */
  static final long DECODED_BYTES_MAX = 72L << 20;

  private final InsertTablet tablet;
  private final int rows;

  private TabletDecoder(InsertTablet tablet) {
    this.tablet = tablet;
    this.rows = tablet.rows();
  }

  /**
   * A tablet's columns with all their rows.
   *
   * @param columns value arrays; null slots hold anything
   * @param nulls per column its bitmap, null for a column without nulls
   */
  record Raw(long[] times, Object[] columns, byte[][] nulls) {
    boolean hasNulls() {
      return Arrays.stream(nulls).anyMatch(Objects::nonNull);
    }
  }

  /**
   * One run per column; an element is null when the column has no points.
   *
   * @throws MalformedTabletException when bytes and description do not fit; depends on the entry
   *     alone
   */
  public static List<PointRun> decode(InsertTablet tablet) throws MalformedTabletException {
    return new TabletDecoder(tablet).withoutNulls(raw(tablet));
  }

  static Raw raw(InsertTablet tablet) throws MalformedTabletException {
    try {
      return new TabletDecoder(tablet).readAll();
    } catch (MalformedTabletException e) {
      throw new MalformedTabletException(
          "the tablet for " + tablet.device() + " cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException | IOException e) {
      // The TsFile decoders throw whatever they stumble upon when the bytes are not theirs.
      throw new MalformedTabletException(
          "the tablet for " + tablet.device() + " cannot be read: its bytes do not fit its columns",
          e);
    }
  }

  private Raw readAll() throws MalformedTabletException, IOException {
    checkSize();
    long[] times;
    ByteBuffer values;
    Object[] columns = new Object[tablet.columns().size()];
    if (tablet.layout().encoded()) {
      EncodedColumns encoded = new EncodedColumns(tablet);
      times = encoded.times();
      values = encoded.values();
      for (int i = 0; i < columns.length; i++) {
        columns[i] = encoded.column(i);
      }
    } else {
      times = new long[rows];
      bigEndian(tablet.times()).asLongBuffer().get(times);
      values = bigEndian(tablet.values());
      for (int i = 0; i < columns.length; i++) {
        columns[i] = readPlain(values, tablet.columns().get(i).type(), rows);
      }
    }
    byte[][] nulls = new byte[columns.length][];
    if (values.hasRemaining()) {
      for (int i = 0; i < columns.length; i++) {
        nulls[i] = readBitmap(values);
      }
    }
    if (values.hasRemaining()) {
      throw new MalformedTabletException(values.remaining() + " bytes after the last column");
    }
    return new Raw(times, columns, nulls);
  }

  private void checkSize() throws MalformedTabletException {
    if (rows < 0) {
      throw new MalformedTabletException("a tablet of " + rows + " rows");
    }
    if (decodedBytes(tablet) > DECODED_BYTES_MAX) {
      throw new MalformedTabletException(
          "a tablet of "
              + rows
              + " rows and "
              + tablet.columns().size()
              + " columns is too large: it would be "
              + decodedBytes(tablet)
              + " bytes");
    }
    if (!tablet.layout().encoded() && tablet.times().remaining() != (long) rows * Long.BYTES) {
      throw new MalformedTabletException(
          rows + " rows with " + tablet.times().remaining() + " bytes of times");
    }
  }

  /** Heap of the decoded columns, texts not counted, as the tablet says it itself. */
  public static long decodedBytes(InsertTablet tablet) {
    long rowBytes = Long.BYTES;
    for (SeriesSpec column : tablet.columns()) {
      rowBytes += widthBytes(column.type());
    }
    return rowBytes * Math.max(0, tablet.rows());
  }

  private static int widthBytes(TSDataType type) {
    return switch (type) {
      case BOOLEAN -> 1;
      case INT64, TIMESTAMP, DOUBLE -> 8;
      default -> 4;
    };
  }

  static ByteBuffer bigEndian(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.BIG_ENDIAN);
  }

  /** Reads {@code rows} fixed-width values, or texts of int32 length and bytes. */
  static Object readPlain(ByteBuffer in, TSDataType type, int rows) {
    Object column = PointBatch.newValues(type, rows);
    switch (type) {
      case BOOLEAN -> {
        boolean[] values = (boolean[]) column;
        for (int i = 0; i < rows; i++) {
          values[i] = in.get() != 0;
        }
      }
      case INT32, DATE -> {
        in.asIntBuffer().get((int[]) column);
        skip(in, Integer.BYTES, rows);
      }
      case INT64, TIMESTAMP -> {
        in.asLongBuffer().get((long[]) column);
        skip(in, Long.BYTES, rows);
      }
      case FLOAT -> {
        in.asFloatBuffer().get((float[]) column);
        skip(in, Float.BYTES, rows);
      }
      case DOUBLE -> {
        in.asDoubleBuffer().get((double[]) column);
        skip(in, Double.BYTES, rows);
      }
      default -> {
        Binary[] values = (Binary[]) column;
        for (int i = 0; i < rows; i++) {
          int length = in.getInt();
          if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("text of " + length + " bytes");
          }
          byte[] text = new byte[length];
          in.get(text);
          values[i] = new Binary(text);
        }
      }
    }
    return column;
  }

  private static void skip(ByteBuffer in, int width, int rows) {
    in.position(in.position() + width * rows);
  }

  private List<PointRun> withoutNulls(Raw raw) {
    boolean ascending = PointRun.strictlyAscending(raw.times(), rows);
    boolean timesCounted = false;
    List<PointRun> runs = new ArrayList<>(raw.columns().length);
    for (int i = 0; i < raw.columns().length; i++) {
      TSDataType type = tablet.columns().get(i).type();
      Object column = raw.columns()[i];
      if (raw.nulls()[i] != null) {
        runs.add(compact(raw.times(), type, column, raw.nulls()[i], ascending));
      } else if (rows == 0) {
        runs.add(null);
      } else {
        long bytes = PointRun.valueBytes(type, column, rows);
        bytes += timesCounted ? 0 : (long) Long.BYTES * rows;
        timesCounted = true;
        runs.add(new PointRun(type, raw.times(), column, rows, ascending, bytes));
      }
    }
    return runs;
  }

  static boolean isNull(byte[] nulls, int row) {
    return (nulls[row >> 3] & (1 << (row & 7))) != 0;
  }

  private byte[] readBitmap(ByteBuffer rest) {
    if (rest.get() == 0) {
      return null;
    }
    byte[] nulls = new byte[rows / Byte.SIZE + 1];
    rest.get(nulls);
    return nulls;
  }

  private PointRun compact(
      long[] times, TSDataType type, Object column, byte[] nulls, boolean ascending) {
    int[] kept = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (!isNull(nulls, row)) {
        kept[count++] = row;
      }
    }
    if (count == 0) {
      return null;
    }
    long[] keptTimes = new long[count];
    for (int i = 0; i < count; i++) {
      keptTimes[i] = times[kept[i]];
    }
    Object values = Columns.gather(type, column, Arrays.copyOf(kept, count));
    boolean inOrder = ascending || PointRun.strictlyAscending(keptTimes, count);
    long bytes = PointRun.valueBytes(type, values, count) + (long) Long.BYTES * count;
    return new PointRun(type, keptTimes, values, count, inOrder, bytes);
  }
}
