package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Many rows whose every value follows from a seed, so that both sides can be compared with what was
 * written without holding it. Every other device is aligned; tablets come in pairs of which the
 * later is written first; every fourth tablet is written twice, with other values the second time,
 * which are the ones to be found.
 *
 * @param database where they are
 * @param rowsPerDevice a multiple of {@link #TABLET_ROWS}
 */
record BulkRows(String database, long seed, int devices, int rowsPerDevice) {
  static final int MEASUREMENTS = 10;
  static final int TABLET_ROWS = 1_000;
  private static final int ROWS_PER_DEVICE_MAX = 10_000;
  private static final long FIRST_TIME_MS = 1_700_000_000_000L;
  private static final long STEP_MS = 1_000;
  private static final int WRITTEN_TWICE_EVERY = 4;
  private static final int DIFFERENCES_MAX = 20;

  private static final TSDataType[] TYPES = {
    TSDataType.DOUBLE,
    TSDataType.DOUBLE,
    TSDataType.DOUBLE,
    TSDataType.DOUBLE,
    TSDataType.FLOAT,
    TSDataType.INT64,
    TSDataType.INT64,
    TSDataType.INT32,
    TSDataType.BOOLEAN,
    TSDataType.TEXT
  };

  /** At least {@code points} points, in devices of up to ten thousand rows. */
  static BulkRows of(String database, long seed, long points) {
    long rows = ceilDivide(points, MEASUREMENTS);
    int devices = Math.max(1, Math.toIntExact(ceilDivide(rows, ROWS_PER_DEVICE_MAX)));
    long tablets = ceilDivide(ceilDivide(rows, devices), TABLET_ROWS);
    return new BulkRows(database, seed, devices, Math.toIntExact(tablets * TABLET_ROWS));
  }

  private static long ceilDivide(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  long points() {
    return (long) devices * rowsPerDevice * MEASUREMENTS;
  }

  int tablets() {
    return rowsPerDevice / TABLET_ROWS;
  }

  String device(int device) {
    return database + ".d" + device;
  }

  boolean aligned(int device) {
    return device % 2 == 1;
  }

  /** The tablets of one device in the order they are to be written. */
  List<Tablet> inWritingOrder(int device) {
    List<Tablet> order = new ArrayList<>();
    for (int position = 0; position < tablets(); position++) {
      int tablet = position % 2 == 0 && position + 1 < tablets() ? position + 1 : position - 1;
      if (position == tablets() - 1 && position % 2 == 0) {
        tablet = position;
      }
      if (writtenTwice(tablet)) {
        order.add(tablet(device, tablet, 0));
      }
      order.add(tablet(device, tablet, version(tablet)));
    }
    return order;
  }

  private static boolean writtenTwice(int tablet) {
    return tablet % WRITTEN_TWICE_EVERY == WRITTEN_TWICE_EVERY - 1;
  }

  private static int version(int tablet) {
    return writtenTwice(tablet) ? 1 : 0;
  }

  private Tablet tablet(int device, int number, int version) {
    List<IMeasurementSchema> schemas = new ArrayList<>();
    for (int m = 0; m < MEASUREMENTS; m++) {
      schemas.add(new MeasurementSchema("m" + m, TYPES[m]));
    }
    Tablet tablet = new Tablet(device(device), schemas, TABLET_ROWS);
    for (int i = 0; i < TABLET_ROWS; i++) {
      int row = number * TABLET_ROWS + i;
      tablet.addTimestamp(i, FIRST_TIME_MS + row * STEP_MS);
      for (int m = 0; m < MEASUREMENTS; m++) {
        tablet.addValue("m" + m, i, value(m, drawn(device, m, row, version)));
      }
    }
    return tablet;
  }

  /** The bits of one value (the finalizer of SplitMix64 over its coordinates). */
  private long drawn(int device, int measurement, int row, int version) {
    long at = ((seed * 31 + device) * 31 + measurement) * 2 + version;
    long mixed = (at * 0x9E3779B97F4A7C15L) ^ (row * 0xD1B54A32D192ED03L);
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /**
   * Counts, and compares every value if the count is right: reading all is worth it only then.
   *
   * @return one line per difference, up to a named limit for each device; empty when all is well
   */
  List<String> differences(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    List<String> found = new ArrayList<>();
    long count = client.count(database);
    if (count != points()) {
      found.add(database + " has " + count + " of " + points());
      return found;
    }
    for (int device = 0; device < devices; device++) {
      try (QueriedRows rows = new QueriedRows(client, device(device))) {
        found.addAll(differences(device, rows));
      }
    }
    return found;
  }

  /**
   * What of one device is missing, otherwise than written, or there though never written, up to a
   * named limit.
   */
  List<String> differences(int device, FoundRows rows)
      throws IoTDBConnectionException, StatementExecutionException {
    List<String> found = new ArrayList<>();
    int expected = 0;
    while (found.size() < DIFFERENCES_MAX && rows.next()) {
      long sinceFirst = rows.timeMs() - FIRST_TIME_MS;
      long row = sinceFirst / STEP_MS;
      if (sinceFirst % STEP_MS != 0 || row < expected || row >= rowsPerDevice) {
        found.add(device(device) + " " + rows.timeMs() + ": never written, or twice there");
        continue;
      }
      if (row > expected) {
        found.add(device(device) + " rows " + expected + " to " + (row - 1) + ": missing");
      }
      compare(device, (int) row, rows, found);
      expected = (int) row + 1;
    }
    if (found.size() < DIFFERENCES_MAX && expected < rowsPerDevice) {
      found.add(device(device) + " rows " + expected + " and on: missing");
    }
    return found;
  }

  private void compare(int device, int row, FoundRows rows, List<String> found)
      throws StatementExecutionException {
    for (int m = 0; m < MEASUREMENTS; m++) {
      Object written = value(m, drawn(device, m, row, version(row / TABLET_ROWS)));
      Object there = rows.value("m" + m);
      if (!written.equals(there)) {
        found.add(device(device) + ".m" + m + " row " + row + ": " + written + " | " + there);
      }
    }
  }

  private static Object value(int m, long drawn) {
    return switch (TYPES[m]) {
      case DOUBLE -> (drawn % 1_000_000) / 100.0;
      case FLOAT -> (drawn % 10_000) / 4.0f;
      case INT64 -> drawn;
      case INT32 -> (int) drawn;
      case BOOLEAN -> drawn > 0;
      default -> "t" + (drawn & 0xfff);
    };
  }
}
