package io.sluice.datanode.region.image;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The series of one device. Immutable; a device without series does not exist.
 *
 * @param specs by measurement
 * @param origins the clusters whose pipes have brought rows or series of it, {@link #HERE} for this
 *     one: a deletion that came through a pipe takes away series that nobody else knows
 */
public record DeviceSchema(
    String device, boolean aligned, Map<String, SeriesSpec> specs, Set<UUID> origins) {
  public static final UUID HERE = new UUID(0, 1);

  /** The series' spec, null for none. */
  public SeriesSpec spec(String measurement) {
    return specs.get(measurement);
  }

  public SeriesInfo info(SeriesSpec spec) {
    return new SeriesInfo(device, aligned, spec);
  }

  static DeviceSchema of(String device, boolean aligned, List<SeriesSpec> added) {
    return new DeviceSchema(device, aligned, Map.of(), Set.of()).with(added);
  }

  DeviceSchema with(List<SeriesSpec> added) {
    Map<String, SeriesSpec> all = new HashMap<>(specs);
    for (SeriesSpec spec : added) {
      all.put(spec.measurement(), spec);
    }
    return new DeviceSchema(device, aligned, all, origins);
  }

  DeviceSchema without(Collection<String> measurements) {
    Map<String, SeriesSpec> rest = new HashMap<>(specs);
    rest.keySet().removeAll(measurements);
    return new DeviceSchema(device, aligned, rest, origins);
  }

  DeviceSchema writtenFrom(UUID origin) {
    Set<UUID> all = new HashSet<>(origins);
    all.add(origin);
    return new DeviceSchema(device, aligned, specs, Set.copyOf(all));
  }

  /** Whether only that cluster's pipes ever brought anything of it. */
  boolean onlyFrom(UUID origin) {
    return origins.equals(Set.of(origin));
  }
}
