package io.sluice.cli.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Seeded random walks, one per device and measurement, two decimals, one row a second.
 *
 * @param devices how many devices
 * @param measurements DOUBLE measurements of each
 * @param rows rows of each device
 * @param tabletRows rows a tablet carries
 * @param seed the same seed gives the same values
 */
record Workload(int devices, int measurements, int rows, int tabletRows, long seed) {
  static final String DATABASE = "root.bench";
  static final long FIRST_TIME_MS = 1_700_000_000_000L;
  private static final long STEP_MS = 1_000;

  long points() {
    return (long) devices * measurements * rows;
  }

  static String device(int device) {
    return DATABASE + ".d" + device;
  }

  static String measurement(int measurement) {
    return "m" + measurement;
  }

  static long timeMs(int row) {
    return FIRST_TIME_MS + row * STEP_MS;
  }

  List<IMeasurementSchema> schemas() {
    return IntStream.range(0, measurements)
        .<IMeasurementSchema>mapToObj(m -> new MeasurementSchema(measurement(m), TSDataType.DOUBLE))
        .toList();
  }

  /** All values of one device: {@code [measurement][row]}. */
  double[][] walk(int device) {
    double[][] values = new double[measurements][rows];
    for (int m = 0; m < measurements; m++) {
      Random random = new Random(seed * 31 + device * 1_009L + m);
      double value = random.nextInt(10_000) / 100.0;
      for (int row = 0; row < rows; row++) {
        value += (random.nextInt(201) - 100) / 100.0;
        values[m][row] = Math.round(value * 100) / 100.0;
      }
    }
    return values;
  }

  /** The tablet of one device's rows from {@code firstRow} on. */
  Tablet tablet(int device, double[][] walk, int firstRow) {
    int count = Math.min(tabletRows, rows - firstRow);
    Tablet tablet = new Tablet(device(device), schemas(), count);
    for (int row = 0; row < count; row++) {
      tablet.addTimestamp(row, timeMs(firstRow + row));
      for (int m = 0; m < measurements; m++) {
        tablet.addValue(row, m, walk[m][firstRow + row]);
      }
    }
    return tablet;
  }
}
