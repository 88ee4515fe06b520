package io.sluice.confignode.format;

import io.sluice.confignode.core.Identity;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.SinkOptions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fields of each record type, in order. Big-endian. A type's number is never used twice. */
final class RecordPayload {
  /** Version all types are written with. */
  static final int VERSION = 1;

  private static final int CLUSTER_FOUNDED = 1;
  private static final int CONFIG_NODE_SET = 2;
  private static final int DATA_NODE_SET = 3;
  private static final int DATABASE_SET = 4;
  private static final int DATABASE_GONE = 5;
  private static final int REGION_SET = 6;
  private static final int REGION_GONE = 7;
  private static final int PIPE_SINK_SET = 8;
  private static final int PIPE_SINK_GONE = 9;
  private static final int PIPE_SET = 10;
  private static final int PIPE_GONE = 11;
  private static final int PROCEDURE_SET = 12;
  private static final int PROCEDURE_GONE = 13;
  private static final int COUNTERS_SET = 14;
  private static final int DATABASE_TTL_SET = 15;

  private RecordPayload() {}

  static int typeOf(Record record) {
    if (record instanceof Record.ClusterFounded) {
      return CLUSTER_FOUNDED;
    } else if (record instanceof Record.ConfigNodeSet) {
      return CONFIG_NODE_SET;
    } else if (record instanceof Record.DataNodeSet) {
      return DATA_NODE_SET;
    } else if (record instanceof Record.DatabaseSet) {
      return DATABASE_SET;
    } else if (record instanceof Record.DatabaseTtlSet) {
      return DATABASE_TTL_SET;
    } else if (record instanceof Record.DatabaseGone) {
      return DATABASE_GONE;
    } else if (record instanceof Record.RegionSet) {
      return REGION_SET;
    } else if (record instanceof Record.RegionGone) {
      return REGION_GONE;
    } else if (record instanceof Record.PipeSinkSet set) {
      return set.sink().options().equals(SinkOptions.NONE)
          ? PIPE_SINK_SET
          : SinkPayload.PIPE_SINK_WITH_OPTIONS_SET;
    } else if (record instanceof Record.PipeSinkGone) {
      return PIPE_SINK_GONE;
    } else if (record instanceof Record.PipeSet) {
      return PIPE_SET;
    } else if (record instanceof Record.PipeGone) {
      return PIPE_GONE;
    } else if (record instanceof Record.ProcedureSet) {
      return PROCEDURE_SET;
    } else if (record instanceof Record.ProcedureGone) {
      return PROCEDURE_GONE;
    } else if (record instanceof Record.CountersSet) {
      return COUNTERS_SET;
    } else if (record instanceof Record.RegionChangeSet) {
      return MembershipPayload.REGION_CHANGE_SET;
    } else if (record instanceof Record.RegionChangeGone) {
      return MembershipPayload.REGION_CHANGE_GONE;
    } else if (record instanceof Record.StaleReplicaSet) {
      return MembershipPayload.STALE_REPLICA_SET;
    } else if (record instanceof Record.StaleReplicaGone) {
      return MembershipPayload.STALE_REPLICA_GONE;
    } else if (record instanceof Record.NodeRemoving) {
      return MembershipPayload.NODE_REMOVING;
    } else if (record instanceof Record.NodeGone) {
      return MembershipPayload.NODE_GONE;
    } else if (record instanceof Record.NodesSilent) {
      return MembershipPayload.NODES_SILENT;
    } else if (record instanceof Record.RegionPartingSet) {
      return PartingPayload.REGION_PARTING_SET;
    } else if (record instanceof Record.RegionPartingGone) {
      return PartingPayload.REGION_PARTING_GONE;
    } else if (record instanceof Record.UserSet) {
      return UserPayload.USER_SET;
    } else if (record instanceof Record.UserGone) {
      return UserPayload.USER_GONE;
    }
    throw new IllegalStateException("no type number for " + record.getClass().getName());
  }

  static void write(DataOutput out, Record record) throws IOException {
    if (record instanceof Record.ClusterFounded founded) {
      Identity identity = founded.identity();
      FieldBytes.writeUuid(out, identity.clusterId());
      FieldBytes.writeText(out, identity.clusterName());
      out.writeInt(identity.seriesSlotNum());
      out.writeLong(identity.foundedAtMs());
    } else if (record instanceof Record.ConfigNodeSet set) {
      FieldBytes.write(out, set.node());
    } else if (record instanceof Record.DataNodeSet set) {
      FieldBytes.write(out, set.node());
    } else if (record instanceof Record.DatabaseSet set) {
      FieldBytes.write(out, set.database());
    } else if (record instanceof Record.DatabaseTtlSet set) {
      FieldBytes.writeText(out, set.database());
      out.writeLong(set.ttlMs());
    } else if (record instanceof Record.DatabaseGone gone) {
      FieldBytes.writeText(out, gone.name());
    } else if (record instanceof Record.RegionSet set) {
      FieldBytes.write(out, set.region());
    } else if (record instanceof Record.RegionGone gone) {
      out.writeInt(gone.regionId());
    } else if (record instanceof Record.PipeSinkSet set) {
      SinkPayload.write(out, set.sink());
    } else if (record instanceof Record.PipeSinkGone gone) {
      FieldBytes.writeText(out, gone.name());
    } else if (record instanceof Record.PipeSet set) {
      FieldBytes.write(out, set.pipe());
    } else if (record instanceof Record.PipeGone gone) {
      out.writeLong(gone.number());
      out.writeLong(gone.atVersion());
    } else if (record instanceof Record.ProcedureSet set) {
      FieldBytes.write(out, set.procedure());
    } else if (record instanceof Record.ProcedureGone gone) {
      out.writeLong(gone.id());
    } else if (record instanceof Record.CountersSet counters) {
      write(out, counters);
    } else if (record instanceof Record.RegionChangeSet set) {
      MembershipPayload.write(out, set.change());
    } else if (record instanceof Record.RegionChangeGone gone) {
      out.writeInt(gone.regionId());
    } else if (record instanceof Record.StaleReplicaSet set) {
      MembershipPayload.write(out, set.stale());
    } else if (record instanceof Record.StaleReplicaGone gone) {
      MembershipPayload.write(out, gone.stale());
    } else if (record instanceof Record.NodeRemoving removing) {
      out.writeInt(removing.id());
    } else if (record instanceof Record.NodeGone gone) {
      out.writeInt(gone.id());
    } else if (record instanceof Record.NodesSilent silent) {
      FieldBytes.writeInts(out, silent.ids());
    } else if (record instanceof Record.RegionPartingSet set) {
      PartingPayload.write(out, set.parting());
    } else if (record instanceof Record.RegionPartingGone gone) {
      out.writeInt(gone.regionId());
    } else if (record instanceof Record.UserSet set) {
      UserPayload.write(out, set.user());
    } else if (record instanceof Record.UserGone gone) {
      FieldBytes.writeText(out, gone.name());
    } else {
      throw new IllegalStateException("no payload for " + record.getClass().getName());
    }
  }

  private static void write(DataOutput out, Record.CountersSet counters) throws IOException {
    out.writeInt(counters.nextNodeId());
    out.writeInt(counters.nextRegionId());
    out.writeLong(counters.nextGeneration());
    out.writeLong(counters.nextPipeNumber());
    out.writeLong(counters.nextProcedureId());
    out.writeLong(counters.pipeTableVersion());
    out.writeLong(counters.catalogVersion());
    out.writeLong(counters.revision());
  }

  static Record read(DataInput in, int type) throws IOException {
    return switch (type) {
      case CLUSTER_FOUNDED ->
          new Record.ClusterFounded(
              new Identity(
                  FieldBytes.readUuid(in), FieldBytes.readText(in), in.readInt(), in.readLong()));
      case CONFIG_NODE_SET -> new Record.ConfigNodeSet(FieldBytes.readConfigNode(in));
      case DATA_NODE_SET -> new Record.DataNodeSet(FieldBytes.readDataNode(in));
      case DATABASE_SET -> new Record.DatabaseSet(FieldBytes.readDatabase(in));
      case DATABASE_TTL_SET -> new Record.DatabaseTtlSet(FieldBytes.readText(in), in.readLong());
      case DATABASE_GONE -> new Record.DatabaseGone(FieldBytes.readText(in));
      case REGION_SET -> new Record.RegionSet(FieldBytes.readRegion(in));
      case REGION_GONE -> new Record.RegionGone(in.readInt());
      case PIPE_SINK_SET -> new Record.PipeSinkSet(SinkPayload.read(in, false));
      case SinkPayload.PIPE_SINK_WITH_OPTIONS_SET ->
          new Record.PipeSinkSet(SinkPayload.read(in, true));
      case PIPE_SINK_GONE -> new Record.PipeSinkGone(FieldBytes.readText(in));
      case PIPE_SET -> new Record.PipeSet(FieldBytes.readPipe(in));
      case PIPE_GONE -> new Record.PipeGone(in.readLong(), in.readLong());
      case PROCEDURE_SET -> new Record.ProcedureSet(FieldBytes.readProcedure(in));
      case PROCEDURE_GONE -> new Record.ProcedureGone(in.readLong());
      case COUNTERS_SET ->
          new Record.CountersSet(
              in.readInt(),
              in.readInt(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong());
      default -> {
        Record record = MembershipPayload.readOrNull(in, type);
        record = record == null ? PartingPayload.readOrNull(in, type) : record;
        record = record == null ? UserPayload.readOrNull(in, type) : record;
        if (record == null) {
          throw new NewerFormatException("record type " + type + " is of a newer release");
        }
        yield record;
      }
    };
  }
}
