package io.sluice.confignode.format;

import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.RegionChange;
import io.sluice.confignode.core.StaleReplica;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fields of the records about replicas that move and nodes that leave; see RecordPayload. */
final class MembershipPayload {
  static final int REGION_CHANGE_SET = 20;
  static final int REGION_CHANGE_GONE = 21;
  static final int STALE_REPLICA_SET = 22;
  static final int STALE_REPLICA_GONE = 23;
  static final int NODE_REMOVING = 24;
  static final int NODE_GONE = 25;
  static final int NODES_SILENT = 26;

  private MembershipPayload() {}

  static void write(DataOutput out, RegionChange change) throws IOException {
    out.writeInt(change.regionId());
    out.writeByte(change.kind().code());
    out.writeInt(change.from());
    out.writeInt(change.to());
    out.writeByte(change.step().code());
    out.writeLong(change.startedAtMs());
  }

  static void write(DataOutput out, StaleReplica stale) throws IOException {
    FieldBytes.writeUuid(out, stale.region());
    out.writeInt(stale.dataNode());
  }

  /** Null for a type that is none of these. */
  static Record readOrNull(DataInput in, int type) throws IOException {
    return switch (type) {
      case REGION_CHANGE_SET -> new Record.RegionChangeSet(readChange(in));
      case REGION_CHANGE_GONE -> new Record.RegionChangeGone(in.readInt());
      case STALE_REPLICA_SET -> new Record.StaleReplicaSet(readStale(in));
      case STALE_REPLICA_GONE -> new Record.StaleReplicaGone(readStale(in));
      case NODE_REMOVING -> new Record.NodeRemoving(in.readInt());
      case NODE_GONE -> new Record.NodeGone(in.readInt());
      case NODES_SILENT -> new Record.NodesSilent(FieldBytes.readInts(in));
      default -> null;
    };
  }

  private static StaleReplica readStale(DataInput in) throws IOException {
    return new StaleReplica(FieldBytes.readUuid(in), in.readInt());
  }

  private static RegionChange readChange(DataInput in) throws IOException {
    return new RegionChange(
        in.readInt(),
        FieldBytes.readCode(in, RegionChange.Kind.values(), RegionChange.Kind::code),
        in.readInt(),
        in.readInt(),
        FieldBytes.readCode(in, RegionChange.Step.values(), RegionChange.Step::code),
        in.readLong());
  }
}
