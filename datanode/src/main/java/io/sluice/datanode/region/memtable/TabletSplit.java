package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.TabletLayout;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.utils.Binary;

/**
 * Cuts a tablet that is too large for one log entry into tablets of fewer rows, in the plain
 * layout. Together they write the same points. Stateless.
 */
public final class TabletSplit {
  private TabletSplit() {}

  /**
   * @param bytesMax most bytes of times and values together a part may have
   * @throws MalformedTabletException when the tablet's bytes are not what it says
   * @throws TabletTooLargeException when a single row is larger
   */
  public static List<InsertTablet> byRows(InsertTablet tablet, long bytesMax)
      throws MalformedTabletException, TabletTooLargeException {
    TabletDecoder.Raw raw = TabletDecoder.raw(tablet);
    List<InsertTablet> parts = new ArrayList<>();
    long bytes = (long) tablet.times().remaining() + tablet.values().remaining();
    int rows = tablet.layout().encoded() ? tablet.rows() : rowsThatFit(tablet, bytes, bytesMax);
    split(tablet, raw, 0, tablet.rows(), Math.max(1, rows), bytesMax, parts);
    return parts;
  }

  private static int rowsThatFit(InsertTablet tablet, long bytes, long bytesMax) {
    return (int) Math.min(tablet.rows(), tablet.rows() * bytesMax / Math.max(1, bytes));
  }

  private static void split(
      InsertTablet tablet,
      TabletDecoder.Raw raw,
      int from,
      int to,
      int rows,
      long bytesMax,
      List<InsertTablet> parts)
      throws TabletTooLargeException {
    for (int at = from; at < to; at += rows) {
      int end = Math.min(to, at + rows);
      InsertTablet part = part(tablet, raw, at, end);
      long bytes = (long) part.times().remaining() + part.values().remaining();
      if (bytes <= bytesMax) {
        parts.add(part);
      } else if (end - at == 1) {
        throw new TabletTooLargeException(
            "a row of "
                + tablet.device()
                + " has "
                + bytes
                + " bytes; at most "
                + bytesMax
                + " can be written at once");
      } else {
        split(tablet, raw, at, end, (end - at + 1) / 2, bytesMax, parts);
      }
    }
  }

  private static InsertTablet part(InsertTablet tablet, TabletDecoder.Raw raw, int from, int to) {
    ByteBuffer times = ByteBuffer.allocate((to - from) * Long.BYTES);
    times.asLongBuffer().put(raw.times(), from, to - from);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(values)) {
      for (int i = 0; i < raw.columns().length; i++) {
        writeColumn(out, tablet.columns().get(i), raw.columns()[i], from, to);
      }
      if (raw.hasNulls()) {
        for (byte[] nulls : raw.nulls()) {
          writeNulls(out, nulls, from, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return new InsertTablet(
        tablet.device(),
        tablet.aligned(),
        tablet.columns(),
        to - from,
        TabletLayout.PLAIN,
        times,
        ByteBuffer.wrap(values.toByteArray()));
  }

  private static void writeColumn(
      DataOutputStream out, SeriesSpec spec, Object column, int from, int to) throws IOException {
    int rows = to - from;
    switch (spec.type()) {
      case BOOLEAN -> {
        for (int i = from; i < to; i++) {
          out.writeBoolean(((boolean[]) column)[i]);
        }
      }
      case INT32, DATE -> {
        ByteBuffer bytes = ByteBuffer.allocate(rows * Integer.BYTES);
        bytes.asIntBuffer().put((int[]) column, from, rows);
        out.write(bytes.array());
      }
      case INT64, TIMESTAMP -> {
        ByteBuffer bytes = ByteBuffer.allocate(rows * Long.BYTES);
        bytes.asLongBuffer().put((long[]) column, from, rows);
        out.write(bytes.array());
      }
      case FLOAT -> {
        ByteBuffer bytes = ByteBuffer.allocate(rows * Float.BYTES);
        bytes.asFloatBuffer().put((float[]) column, from, rows);
        out.write(bytes.array());
      }
      case DOUBLE -> {
        ByteBuffer bytes = ByteBuffer.allocate(rows * Double.BYTES);
        bytes.asDoubleBuffer().put((double[]) column, from, rows);
        out.write(bytes.array());
      }
      default -> {
        for (int i = from; i < to; i++) {
          Binary text = ((Binary[]) column)[i];
          out.writeInt(text.getLength());
          out.write(text.getValues());
        }
      }
    }
  }

  private static void writeNulls(DataOutputStream out, byte[] nulls, int from, int to)
      throws IOException {
    out.writeBoolean(nulls != null);
    if (nulls == null) {
      return;
    }
    byte[] bits = new byte[(to - from) / Byte.SIZE + 1];
    for (int row = from; row < to; row++) {
      if (TabletDecoder.isNull(nulls, row)) {
        bits[(row - from) >> 3] |= (byte) (1 << ((row - from) & 7));
      }
    }
    out.write(bits);
  }
}
