package io.sluice.datanode.statement;

import io.sluice.datanode.region.entry.LogEntry;
import org.apache.tsfile.utils.Binary;

/** How large a row is in a log entry, roughly. */
final class RowBytes {
  private static final int ROW_BYTES = 32;
  private static final int COLUMN_BYTES = 24;

  private RowBytes() {}

  static long estimate(LogEntry.Row row) {
    long bytes = ROW_BYTES + row.device().length();
    for (int i = 0; i < row.values().size(); i++) {
      bytes += COLUMN_BYTES + row.columns().get(i).measurement().length();
      if (row.values().get(i) instanceof Binary binary) {
        bytes += binary.getLength();
      }
    }
    return bytes;
  }
}
