package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.isession.SessionDataSet;
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
 * @param rowsPerDevice a multiple of {@link #TABLET_ROWS}
 */
record BulkRows(long seed, int devices, int rowsPerDevice) {
  static final String DATABASE = "root.bulk";
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
  static BulkRows of(long seed, long points) {
    long rows = ceilDivide(points, MEASUREMENTS);
    int devices = Math.max(1, Math.toIntExact(ceilDivide(rows, ROWS_PER_DEVICE_MAX)));
    long tablets = ceilDivide(ceilDivide(rows, devices), TABLET_ROWS);
    return new BulkRows(seed, devices, Math.toIntExact(tablets * TABLET_ROWS));
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
    return DATABASE + ".d" + device;
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
        add(tablet, i, m, drawn(device, m, row, version));
      }
    }
    return tablet;
  }

  private static void add(Tablet tablet, int row, int m, long drawn) {
    switch (TYPES[m]) {
      case DOUBLE -> tablet.addValue(row, m, doubleOf(drawn));
      case FLOAT -> tablet.addValue(row, m, floatOf(drawn));
      case INT64 -> tablet.addValue(row, m, drawn);
      case INT32 -> tablet.addValue(row, m, (int) drawn);
      case BOOLEAN -> tablet.addValue(row, m, drawn > 0);
      default -> tablet.addValue(row, m, textOf(drawn));
    }
  }

  private static double doubleOf(long drawn) {
    return (drawn % 1_000_000) / 100.0;
  }

  private static float floatOf(long drawn) {
    return (drawn % 10_000) / 4.0f;
  }

  private static String textOf(long drawn) {
    return "t" + (drawn & 0xfff);
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
   * Reads one device row by row.
   *
   * @return what is missing, otherwise than written, or there though never written; empty when all
   *     is well; ends at a named limit
   */
  List<String> differences(StormClient client, int device)
      throws IoTDBConnectionException, StatementExecutionException {
    List<String> found = new ArrayList<>();
    try (SessionDataSet rows =
        client.session().executeQueryStatement("select * from " + device(device))) {
      int[] measurements = StormClient.measurements(rows, device(device) + ".m");
      SessionDataSet.DataIterator at = rows.iterator();
      int expected = 0;
      while (at.next() && found.size() < DIFFERENCES_MAX) {
        long sinceFirst = at.getLong(1) - FIRST_TIME_MS;
        long row = sinceFirst / STEP_MS;
        if (sinceFirst % STEP_MS != 0 || row < expected || row >= rowsPerDevice) {
          found.add(device(device) + " " + at.getLong(1) + ": never written, or twice there");
          continue;
        }
        if (row > expected) {
          found.add(device(device) + " rows " + expected + " to " + (row - 1) + ": missing");
        }
        compare(at, measurements, device, (int) row, found);
        expected = (int) row + 1;
      }
      if (expected < rowsPerDevice && found.size() < DIFFERENCES_MAX) {
        found.add(device(device) + " rows " + expected + " and on: missing");
      }
    }
    return found;
  }

  private void compare(
      SessionDataSet.DataIterator at, int[] measurements, int device, int row, List<String> found)
      throws StatementExecutionException {
    int seen = 0;
    for (int column = 0; column < measurements.length; column++) {
      int m = measurements[column];
      long drawn = drawn(device, m, row, version(row / TABLET_ROWS));
      seen++;
      if (at.isNull(column + 2) || !equal(at, column + 2, m, drawn)) {
        String there = at.isNull(column + 2) ? "nothing" : at.getString(column + 2);
        found.add(device(device) + ".m" + m + " row " + row + ": found " + there);
      }
    }
    if (seen != MEASUREMENTS) {
      found.add(device(device) + ": " + seen + " measurements");
    }
  }

  private static boolean equal(SessionDataSet.DataIterator at, int column, int m, long drawn)
      throws StatementExecutionException {
    return switch (TYPES[m]) {
      case DOUBLE -> at.getDouble(column) == doubleOf(drawn);
      case FLOAT -> at.getFloat(column) == floatOf(drawn);
      case INT64 -> at.getLong(column) == drawn;
      case INT32 -> at.getInt(column) == (int) drawn;
      case BOOLEAN -> at.getBoolean(column) == (drawn > 0);
      default -> at.getString(column).equals(textOf(drawn));
    };
  }
}
