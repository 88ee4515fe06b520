package io.sluice.datanode.region.entry;

import io.sluice.datanode.region.Resend;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What is to be sent once more, in log entries and in manifests. */
public final class ResendFields {
  /** Of a part: the device's length and two times. */
  private static final int PART_BYTES_MIN = Integer.BYTES + 2 * Long.BYTES;

  private ResendFields() {}

  public static void write(DataOutputStream out, List<Resend.Part> parts) throws IOException {
    out.writeInt(parts.size());
    for (Resend.Part part : parts) {
      EntryFields.writeText(out, part.device());
      EntryFields.writeRange(out, part.times());
    }
  }

  /** Throws what {@link EntryFields} does on damage. */
  public static List<Resend.Part> read(ByteBuffer in) {
    int count = EntryFields.readCount(in, PART_BYTES_MIN);
    List<Resend.Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = EntryFields.readText(in);
      parts.add(new Resend.Part(device, EntryFields.readRange(in)));
    }
    return parts;
  }
}
