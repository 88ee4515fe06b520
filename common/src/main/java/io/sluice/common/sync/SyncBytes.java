package io.sluice.common.sync;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The bytes of records, lineages and ledgers, as they stand inside log entries, manifests and sync
 * frames (see {@code docs/formats/sync-state.md}). Big-endian; counts are int32; a string is {@link
 * DataOutput#writeUTF}. The containing format carries version and checksum.
 */
public final class SyncBytes {
  /** Longest list read back: a guard against damaged counts, far above what a region collects. */
  private static final int ENTRIES_MAX = 1_000_000;

  /** Of a record: what follows. */
  private static final int ABSENT = 0;

  private static final int PRESENT = 1;
  private static final int PRESENT_CUT = 2;

  /** Bits of a ledger's last byte. */
  private static final int RUNNING = 1;

  private static final int CUT = 2;

  private SyncBytes() {}

  public static void write(DataOutput out, UUID id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  public static UUID readUuid(DataInput in) throws IOException {
    long high = in.readLong();
    return new UUID(high, in.readLong());
  }

  public static void write(DataOutput out, Source source) throws IOException {
    write(out, source.clusterId());
    write(out, source.regionId());
  }

  public static Source readSource(DataInput in) throws IOException {
    UUID cluster = readUuid(in);
    return new Source(cluster, readUuid(in));
  }

  /** {@code record} may be null: there is none. */
  public static void write(DataOutput out, AppliedRecord record) throws IOException {
    if (record == null) {
      out.writeByte(ABSENT);
      return;
    }
    out.writeByte(record.cutBy() == 0 ? PRESENT : PRESENT_CUT);
    out.writeLong(record.pipeNumber());
    out.writeLong(record.lineage());
    out.writeLong(record.index());
    if (record.cutBy() != 0) {
      out.writeLong(record.cutBy());
    }
  }

  /** Null when there was none. */
  public static AppliedRecord readRecord(DataInput in) throws IOException {
    int kind = in.readUnsignedByte();
    if (kind == ABSENT) {
      return null;
    } else if (kind > PRESENT_CUT) {
      throw new IOException("unknown kind of record: " + kind);
    }
    long pipeNumber = in.readLong();
    long lineage = in.readLong();
    long index = in.readLong();
    return new AppliedRecord(pipeNumber, lineage, index, kind == PRESENT ? 0 : in.readLong());
  }

  /** At most {@link Route#CLUSTERS_MAX}: the count is one byte. */
  public static void write(DataOutput out, Route route) throws IOException {
    out.writeByte(route.clusters().size());
    for (UUID cluster : route.clusters()) {
      write(out, cluster);
    }
  }

  public static Route readRoute(DataInput in) throws IOException {
    int count = in.readUnsignedByte();
    if (count > Route.CLUSTERS_MAX) {
      throw new IOException("a route over " + count + " clusters");
    }
    List<UUID> clusters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      clusters.add(readUuid(in));
    }
    return new Route(clusters);
  }

  public static void write(DataOutput out, Lineage lineage) throws IOException {
    out.writeInt(lineage.spans().size());
    for (Lineage.Span span : lineage.spans()) {
      out.writeLong(span.firstIndex());
      out.writeLong(span.number());
    }
  }

  public static Lineage readLineage(DataInput in) throws IOException {
    int count = readCount(in);
    List<Lineage.Span> spans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long first = in.readLong();
      spans.add(new Lineage.Span(first, in.readLong()));
    }
    return new Lineage(spans);
  }

  public static void write(DataOutput out, Ledger ledger) throws IOException {
    write(out, ledger.source());
    out.writeLong(ledger.session());
    out.writeLong(ledger.pipeNumber());
    out.writeLong(ledger.position());
    write(out, ledger.lineage());
    out.writeInt(ledger.targets().size());
    for (UUID target : ledger.targets()) {
      write(out, target);
    }
    out.writeInt(ledger.lastRecords().size());
    for (Map.Entry<UUID, AppliedRecord> last : new TreeMap<>(ledger.lastRecords()).entrySet()) {
      write(out, last.getKey());
      write(out, last.getValue());
    }
    Ledger.PipeFacts pipe = ledger.pipe();
    out.writeUTF(pipe.name());
    out.writeLong(pipe.createdAtMs());
    out.writeUTF(pipe.senderAddress());
    out.writeUTF(pipe.database());
    out.writeByte((pipe.running() ? RUNNING : 0) | (ledger.cutBy() == 0 ? 0 : CUT));
    if (ledger.cutBy() != 0) {
      out.writeLong(ledger.cutBy());
    }
  }

  public static Ledger readLedger(DataInput in) throws IOException {
    Source source = readSource(in);
    long session = in.readLong();
    long pipeNumber = in.readLong();
    long position = in.readLong();
    Lineage lineage = readLineage(in);
    int targetCount = readCount(in);
    List<UUID> targets = new ArrayList<>();
    for (int i = 0; i < targetCount; i++) {
      targets.add(readUuid(in));
    }
    int recordCount = readCount(in);
    Map<UUID, AppliedRecord> records = new HashMap<>();
    for (int i = 0; i < recordCount; i++) {
      UUID target = readUuid(in);
      records.put(target, readRecord(in));
    }
    String name = in.readUTF();
    long createdAtMs = in.readLong();
    String senderAddress = in.readUTF();
    String database = in.readUTF();
    int bits = in.readUnsignedByte();
    if ((bits & ~(RUNNING | CUT)) != 0) {
      throw new IOException("unknown bits of a ledger: " + bits);
    }
    long cutBy = (bits & CUT) == 0 ? 0 : in.readLong();
    boolean running = (bits & RUNNING) != 0;
    return new Ledger(
        source,
        session,
        pipeNumber,
        position,
        cutBy,
        lineage,
        targets,
        records,
        new Ledger.PipeFacts(name, createdAtMs, senderAddress, database, running));
  }

  private static int readCount(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > ENTRIES_MAX) {
      throw new IOException("count " + count + " is outside 0.." + ENTRIES_MAX);
    }
    return count;
  }
}
