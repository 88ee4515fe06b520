package io.sluice.datanode.region.store;

import io.sluice.common.collect.LastUsed;
import io.sluice.common.sync.SharedDevice;
import io.sluice.datanode.region.image.DeviceSchema;
import io.sluice.datanode.region.image.SortedImage;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Who else brings the devices of a loaded file. That several clusters ever brought a device stands
 * in the region's image; who of them did last is known of what was applied since this process runs,
 * so that one that has ceased is not told of for ever. The same on every replica that has applied
 * the same entries. Used by whoever applies.
 */
final class SharedDevices {
  /** Of a region; of more, those brought longest ago are told of with each piece. */
  static final int DEVICES_MAX = 10_000;

  /** Devices that several clusters have brought, with the last of these. */
  private final Map<String, UUID> latest = new LastUsed<>(DEVICES_MAX);

  /**
   * The first of these devices that another cluster brought last, null for none; all of them are
   * {@code cluster}'s from now.
   *
   * @param schema with what this piece has brought, or without
   */
  SharedDevice brought(
      UUID cluster, Collection<String> devices, SortedImage<String, DeviceSchema> schema) {
    SharedDevice first = null;
    for (String device : devices) {
      UUID other = other(cluster, schema.get(device));
      if (other != null) {
        UUID before = Objects.requireNonNullElse(latest.put(device, cluster), other);
        if (first == null && !before.equals(cluster)) {
          first = new SharedDevice(device, before);
        }
      }
    }
    return first;
  }

  /** Any other that brought it, of another cluster; null when none did. */
  private static UUID other(UUID cluster, DeviceSchema device) {
    if (device == null || device.origins().size() < 2) {
      return null;
    }
    return device.origins().stream()
        .filter(origin -> !origin.equals(cluster) && !origin.equals(DeviceSchema.HERE))
        .min(UUID::compareTo)
        .orElse(null);
  }
}
