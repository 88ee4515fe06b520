package io.sluice.confignode.format;

import io.sluice.confignode.core.Parting;
import io.sluice.confignode.core.Record;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/** Payloads of the records about regions that pipes have still to ship. */
final class PartingPayload {
  static final int REGION_PARTING_SET = 16;
  static final int REGION_PARTING_GONE = 17;

  private PartingPayload() {}

  static void write(DataOutput out, Parting parting) throws IOException {
    out.writeInt(parting.regionId());
    out.writeInt(parting.pipes().size());
    for (long pipe : parting.pipes()) {
      out.writeLong(pipe);
    }
    out.writeLong(parting.ttlMs());
  }

  static Parting read(DataInput in) throws IOException {
    int region = in.readInt();
    int count = FieldBytes.readCount(in, FieldBytes.LIST_ENTRIES_MAX);
    SortedSet<Long> pipes = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      pipes.add(in.readLong());
    }
    return new Parting(region, pipes, in.readLong());
  }

  /** Null when the type is not one of these. */
  static Record readOrNull(DataInput in, int type) throws IOException {
    return switch (type) {
      case REGION_PARTING_SET -> new Record.RegionPartingSet(read(in));
      case REGION_PARTING_GONE -> new Record.RegionPartingGone(in.readInt());
      default -> null;
    };
  }
}
