package io.sluice.confignode.format;

import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Database;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.Region;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.ToIntFunction;

/** The bytes of the values that records are made of. */
final class FieldBytes {
  /** Longest text and longest list read: guards against damaged counts. */
  private static final int TEXT_BYTES_MAX = 1 << 20;

  static final int LIST_ENTRIES_MAX = 1 << 20;

  private FieldBytes() {}

  static void writeText(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInput in) throws IOException {
    byte[] bytes = new byte[readCount(in, TEXT_BYTES_MAX)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void writeUuid(DataOutput out, UUID id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  static UUID readUuid(DataInput in) throws IOException {
    long high = in.readLong();
    return new UUID(high, in.readLong());
  }

  static void write(DataOutput out, ConfigNodeMember node) throws IOException {
    out.writeInt(node.id());
    write(out, node.internal());
    write(out, node.raft());
  }

  static ConfigNodeMember readConfigNode(DataInput in) throws IOException {
    return new ConfigNodeMember(in.readInt(), readAddress(in), readAddress(in));
  }

  static void write(DataOutput out, DataNodeMember node) throws IOException {
    out.writeInt(node.id());
    write(out, node.client());
    write(out, node.internal());
    write(out, node.regionRaft());
  }

  static DataNodeMember readDataNode(DataInput in) throws IOException {
    return new DataNodeMember(in.readInt(), readAddress(in), readAddress(in), readAddress(in));
  }

  static void write(DataOutput out, Database database) throws IOException {
    writeText(out, database.name());
    out.writeLong(database.generation());
    out.writeInt(database.replicationFactor());
    writeInts(out, database.regionIds());
    out.writeLong(database.createdAtMs());
  }

  static Database readDatabase(DataInput in) throws IOException {
    return new Database(readText(in), in.readLong(), in.readInt(), readInts(in), in.readLong());
  }

  static void write(DataOutput out, Region region) throws IOException {
    out.writeInt(region.id());
    writeUuid(out, region.uuid());
    writeText(out, region.database());
    writeInts(out, region.replicas());
    out.writeLong(region.createdAtMs());
    out.writeByte(region.phase().code());
    writeInts(out, region.unconfirmed());
  }

  static Region readRegion(DataInput in) throws IOException {
    return new Region(
        in.readInt(),
        readUuid(in),
        readText(in),
        readInts(in),
        in.readLong(),
        readCode(in, Region.Phase.values(), Region.Phase::code),
        new TreeSet<>(readInts(in)));
  }

  static void write(DataOutput out, Pipe pipe) throws IOException {
    out.writeLong(pipe.number());
    writeText(out, pipe.name());
    writeText(out, pipe.sink());
    out.writeLong(pipe.createdAtMs());
    out.writeLong(pipe.startTimeMs());
    out.writeBoolean(pipe.syncDeletions());
    out.writeByte(pipe.status().code());
    out.writeLong(pipe.changedAt());
  }

  static Pipe readPipe(DataInput in) throws IOException {
    return new Pipe(
        in.readLong(),
        readText(in),
        readText(in),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        readCode(in, Pipe.Status.values(), Pipe.Status::code),
        in.readLong());
  }

  static void write(DataOutput out, PipeProcedure procedure) throws IOException {
    out.writeLong(procedure.id());
    out.writeByte(procedure.operation().code());
    out.writeLong(procedure.pipeNumber());
    writeText(out, procedure.pipeName());
    out.writeByte(procedure.before().code());
    out.writeByte(procedure.step().code());
    writeInts(out, procedure.targets());
    writeInts(out, procedure.done());
    out.writeLong(procedure.startedAtMs());
  }

  static PipeProcedure readProcedure(DataInput in) throws IOException {
    return new PipeProcedure(
        in.readLong(),
        readCode(in, PipeProcedure.Operation.values(), PipeProcedure.Operation::code),
        in.readLong(),
        readText(in),
        readCode(in, Pipe.Status.values(), Pipe.Status::code),
        readCode(in, PipeProcedure.Step.values(), PipeProcedure.Step::code),
        new TreeSet<>(readInts(in)),
        new TreeSet<>(readInts(in)),
        in.readLong());
  }

  private static void write(DataOutput out, Address address) throws IOException {
    writeText(out, address.host());
    out.writeInt(address.port());
  }

  private static Address readAddress(DataInput in) throws IOException {
    return new Address(readText(in), in.readInt());
  }

  static void writeInts(DataOutput out, Collection<Integer> values) throws IOException {
    out.writeInt(values.size());
    for (int value : values) {
      out.writeInt(value);
    }
  }

  static List<Integer> readInts(DataInput in) throws IOException {
    int count = readCount(in, LIST_ENTRIES_MAX);
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(in.readInt());
    }
    return values;
  }

  static <E> E readCode(DataInput in, E[] values, ToIntFunction<E> codeOf) throws IOException {
    int code = in.readUnsignedByte();
    for (E value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return value;
      }
    }
    throw new NewerFormatException("code " + code + " is of a newer release");
  }

  static int readCount(DataInput in, int max) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > max) {
      throw new IOException("count " + count + " is outside 0.." + max);
    }
    return count;
  }
}
