package io.sluice.datanode.point;

/** A series as the schema has it. */
public record SeriesInfo(String device, boolean aligned, SeriesSpec spec) {
  public SeriesKey key() {
    return new SeriesKey(device, spec.measurement());
  }
}
