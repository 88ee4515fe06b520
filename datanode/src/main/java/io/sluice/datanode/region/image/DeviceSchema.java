package io.sluice.datanode.region.image;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of one device. Immutable; a device without series does not exist.
 *
 * @param specs by measurement
 */
public record DeviceSchema(String device, boolean aligned, Map<String, SeriesSpec> specs) {

  /** The series' spec, null for none. */
  public SeriesSpec spec(String measurement) {
    return specs.get(measurement);
  }

  public SeriesInfo info(SeriesSpec spec) {
    return new SeriesInfo(device, aligned, spec);
  }

  static DeviceSchema of(String device, boolean aligned, List<SeriesSpec> added) {
    return new DeviceSchema(device, aligned, Map.of()).with(added);
  }

  DeviceSchema with(List<SeriesSpec> added) {
    Map<String, SeriesSpec> all = new HashMap<>(specs);
    for (SeriesSpec spec : added) {
      all.put(spec.measurement(), spec);
    }
    return new DeviceSchema(device, aligned, all);
  }

  DeviceSchema without(Collection<String> measurements) {
    Map<String, SeriesSpec> rest = new HashMap<>(specs);
    rest.keySet().removeAll(measurements);
    return new DeviceSchema(device, aligned, rest);
  }
}
