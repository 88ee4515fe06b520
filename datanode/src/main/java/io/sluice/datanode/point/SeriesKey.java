package io.sluice.datanode.point;

/**
 * One series: {@code root.vehicle.d0} and {@code s0}. Ordered by device, then measurement.
 *
 * @param device the device's path; nodes that need them keep their back-quotes
 * @param measurement one node, back-quotes kept where it needs them
 */
public record SeriesKey(String device, String measurement) implements Comparable<SeriesKey> {
  /** The full path, {@code root.vehicle.d0.s0}. */
  public String path() {
    return device + "." + measurement;
  }

  @Override
  public int compareTo(SeriesKey other) {
    int byDevice = device.compareTo(other.device);
    return byDevice != 0 ? byDevice : measurement.compareTo(other.measurement);
  }
}
