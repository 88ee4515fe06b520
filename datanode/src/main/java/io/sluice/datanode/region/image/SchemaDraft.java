package io.sluice.datanode.region.image;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.ApplyResult.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * The schema as one entry would leave it: collects the series the entry creates, refuses what
 * contradicts the schema or the entry itself. Nothing changes until {@link #changes} are replayed.
 */
public final class SchemaDraft {
  private final SortedImage<String, DeviceSchema> schema;
  private final UUID origin;
  private final Map<String, NewDeviceSeries> added = new LinkedHashMap<>();

  /** Devices that have had nothing of this origin yet. */
  private final Set<String> first = new LinkedHashSet<>();

  /** The device looked up last: a tablet asks for the same one for every column. */
  private String lastDevice;

  private DeviceSchema lastSchema;

  private record NewDeviceSeries(boolean aligned, Map<String, SeriesSpec> specs) {}

  /**
   * @param origin the cluster whose pipe brings the entry, {@link DeviceSchema#HERE} for a client
   */
  public SchemaDraft(SortedImage<String, DeviceSchema> schema, UUID origin) {
    this.schema = schema;
    this.origin = origin;
  }

  /**
   * Makes sure the series exists with this type and its device has this alignment; another encoding
   * or compression than the schema's does not matter.
   *
   * @return null, or why not
   */
  public Refused require(String device, boolean aligned, SeriesSpec spec) {
    DeviceSchema existing = existing(device);
    NewDeviceSeries drafted = added.get(device);
    if (existing != null && existing.aligned() != aligned
        || drafted != null && drafted.aligned() != aligned) {
      return misaligned(device, !aligned);
    }
    SeriesSpec present = existing == null ? null : existing.spec(spec.measurement());
    if (present == null && drafted != null) {
      present = drafted.specs().get(spec.measurement());
    }
    if (present != null) {
      return present.type() == spec.type() ? null : mistyped(device, present, spec);
    }
    if (!TSEncoding.isSupported(spec.type(), spec.encoding())) {
      return new Refused(
          StatusCode.METADATA_ERROR,
          "encoding " + spec.encoding() + " does not support " + spec.type());
    }
    if (drafted == null) {
      drafted = new NewDeviceSeries(aligned, new LinkedHashMap<>());
      added.put(device, drafted);
    }
    drafted.specs().put(spec.measurement(), spec);
    return null;
  }

  private DeviceSchema existing(String device) {
    if (!device.equals(lastDevice)) {
      lastSchema = schema.get(device);
      lastDevice = device;
      if (lastSchema == null || !lastSchema.origins().contains(origin)) {
        first.add(device);
      }
    }
    return lastSchema;
  }

  /** The schema's spec of a series that {@link #require} has accepted. */
  public SeriesSpec spec(String device, String measurement) {
    DeviceSchema existing = existing(device);
    SeriesSpec present = existing == null ? null : existing.spec(measurement);
    return present != null ? present : added.get(device).specs().get(measurement);
  }

  /** One change per device with new series, and one per device that is new to the origin. */
  public List<Change> changes() {
    List<Change> changes = new ArrayList<>(added.size());
    added.forEach(
        (device, series) ->
            changes.add(
                new Change.SeriesAdded(
                    device, series.aligned(), List.copyOf(series.specs().values()))));
    first.forEach(device -> changes.add(new Change.DeviceWritten(device, origin)));
    return changes;
  }

  private static Refused misaligned(String device, boolean isAligned) {
    return new Refused(
        StatusCode.METADATA_ERROR,
        "timeseries under device "
            + device
            + (isAligned
                ? " are aligned, please use the aligned interface"
                : " are not aligned, please use the non-aligned interface"));
  }

  private static Refused mistyped(String device, SeriesSpec registered, SeriesSpec inserting) {
    return new Refused(
        StatusCode.METADATA_ERROR,
        "data type of "
            + device
            + "."
            + registered.measurement()
            + " is not consistent, registered type "
            + registered.type()
            + ", inserting type "
            + inserting.type());
  }
}
