package io.sluice.datanode.region.entry;

import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A deletion's fields, in log entries and in the pieces that ship it. */
public final class DeletionFields {
  private DeletionFields() {}

  public static void write(DataOutputStream out, Deletion deletion) throws IOException {
    EntryFields.writeRange(out, deletion.range());
    out.writeBoolean(deletion.series());
    out.writeInt(deletion.devices().size());
    for (Deletion.Device device : deletion.devices()) {
      EntryFields.writeText(out, device.device());
      out.writeInt(device.measurements().size());
      for (String measurement : device.measurements()) {
        EntryFields.writeText(out, measurement);
      }
    }
  }

  /** Throws what {@link EntryFields} does on damage. */
  public static Deletion read(ByteBuffer in) {
    TimeRange range = EntryFields.readRange(in);
    boolean series = EntryFields.readFlag(in);
    int count = EntryFields.readCount(in, 2 * Integer.BYTES);
    List<Deletion.Device> devices = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = EntryFields.readText(in);
      int measurements = EntryFields.readCount(in, Integer.BYTES);
      List<String> names = new ArrayList<>(measurements);
      for (int j = 0; j < measurements; j++) {
        names.add(EntryFields.readText(in));
      }
      devices.add(new Deletion.Device(device, names));
    }
    return new Deletion(range, series, devices);
  }
}
