package io.sluice.datanode.region;

import io.sluice.datanode.point.TimeRange;
import java.util.List;

/**
 * One deletion of a region, resolved to series: what a pipe ships of it.
 *
 * @param range whose points go
 * @param series whether the series go too
 * @param devices whose series these are
 */
public record Deletion(TimeRange range, boolean series, List<Device> devices) {
  public Deletion {
    devices = List.copyOf(devices);
  }

  public record Device(String device, List<String> measurements) {
    public Device {
      measurements = List.copyOf(measurements);
    }
  }
}
