package io.sluice.common.sync.frame;

import io.sluice.common.sync.SeriesConflict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The body of CONFLICT: as many of the series as a frame holds, at least one. */
final class ConflictBody {
  static final int SERIES_MAX = 1_000;

  /** Device, measurement and reason of those written, in characters of up to 3 bytes. */
  private static final int CHARS_MAX = 200_000;

  private static final int REASON_CHARS_MAX = 500;

  private ConflictBody() {}

  static void write(Frame.Conflict conflict, DataOutput out) throws IOException {
    List<SeriesConflict> told = told(conflict.series());
    out.writeLong(conflict.end());
    out.writeInt(told.size());
    for (SeriesConflict one : told) {
      out.writeUTF(one.device());
      out.writeUTF(one.measurement());
      out.writeUTF(shortened(one.reason()));
    }
  }

  private static List<SeriesConflict> told(List<SeriesConflict> all) {
    long chars = 0;
    int count = 0;
    for (SeriesConflict one : all) {
      chars += one.device().length() + one.measurement().length() + REASON_CHARS_MAX;
      if (count == SERIES_MAX || count > 0 && chars > CHARS_MAX) {
        break;
      }
      count++;
    }
    return all.subList(0, count);
  }

  private static String shortened(String reason) {
    return reason.length() <= REASON_CHARS_MAX
        ? reason
        : reason.substring(0, REASON_CHARS_MAX) + "...";
  }

  static Frame.Conflict read(DataInput in) throws IOException {
    long end = in.readLong();
    int count = in.readInt();
    if (count <= 0 || count > SERIES_MAX) {
      throw new IOException(count + " series in a conflict");
    }
    List<SeriesConflict> series = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String device = in.readUTF();
      String measurement = in.readUTF();
      series.add(new SeriesConflict(device, measurement, in.readUTF()));
    }
    return new Frame.Conflict(end, series);
  }
}
