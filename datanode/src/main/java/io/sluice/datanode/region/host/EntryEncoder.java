package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.InsertRows;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.Row;
import io.sluice.datanode.region.entry.LogEntryBytes;
import io.sluice.datanode.region.memtable.MalformedTabletException;
import io.sluice.datanode.region.memtable.TabletDecoder;
import io.sluice.datanode.region.memtable.TabletSplit;
import io.sluice.datanode.region.memtable.TabletTooLargeException;
import io.sluice.datanode.region.memtable.WrittenPoints;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an entry ready to be proposed: encoded, its points worked out, cut into several when one is
 * too large for the log. Parts of one write are applied one by one: together they do what the whole
 * would.
 */
final class EntryEncoder {
  /** A tablet's part leaves this much for names and types of its columns. */
  private static final int TABLET_HEAD_BYTES_MAX = RatisSettings.ENTRY_BYTES_MAX / 4;

  /** Heap of a single row with a few columns, encoded and worked out. */
  private static final long ROW_BYTES = 1024;

  private EntryEncoder() {}

  /** An entry of the log. */
  record Prepared(EncodedEntry message, int bytes) {}

  /**
   * @throws StatusException when the entry cannot be written at all: its bytes are not what it
   *     says, or a single row is too large
   */
  static List<Prepared> prepare(LogEntry entry) throws StatusException {
    List<Prepared> parts = new ArrayList<>(1);
    try {
      prepare(entry, parts);
    } catch (MalformedTabletException | TabletTooLargeException e) {
      throw new StatusException(StatusCode.ILLEGAL_PARAMETER, e.getMessage(), e);
    }
    return parts;
  }

  /** Heap the entry will take on its way, from what it says of itself. */
  static long heapBytes(LogEntry entry) {
    if (entry instanceof InsertTablet tablet) {
      return payloadBytes(tablet) + TabletDecoder.decodedBytes(tablet);
    }
    return entry instanceof InsertRows rows ? rows.rows().size() * ROW_BYTES : 0;
  }

  private static void prepare(LogEntry entry, List<Prepared> parts)
      throws MalformedTabletException, TabletTooLargeException, StatusException {
    if (entry instanceof InsertTablet tablet
        && tablet.rows() > 0
        && payloadBytes(tablet) > payloadBytesMax()) {
      for (InsertTablet part : TabletSplit.byRows(tablet, payloadBytesMax())) {
        prepareWhole(part, parts);
      }
      return;
    }
    prepareWhole(entry, parts);
  }

  private static void prepareWhole(LogEntry entry, List<Prepared> parts)
      throws MalformedTabletException, TabletTooLargeException, StatusException {
    byte[] bytes = LogEntryBytes.encode(entry);
    if (bytes.length <= RatisSettings.ENTRY_BYTES_MAX) {
      List<WrittenPoints> points = WrittenPoints.of(entry);
      parts.add(new Prepared(new EncodedEntry(bytes, entry, points), bytes.length));
    } else if (entry instanceof InsertRows rows && rows.rows().size() > 1) {
      List<Row> all = rows.rows();
      int half = all.size() / 2;
      prepareWhole(new InsertRows(List.copyOf(all.subList(0, half))), parts);
      prepareWhole(new InsertRows(List.copyOf(all.subList(half, all.size()))), parts);
    } else {
      throw new StatusException(
          StatusCode.ILLEGAL_PARAMETER,
          "a log entry of "
              + bytes.length
              + " bytes; at most "
              + RatisSettings.ENTRY_BYTES_MAX
              + " can be written at once");
    }
  }

  private static long payloadBytes(InsertTablet tablet) {
    return (long) tablet.times().remaining() + tablet.values().remaining();
  }

  private static long payloadBytesMax() {
    return RatisSettings.ENTRY_BYTES_MAX - TABLET_HEAD_BYTES_MAX;
  }
}
