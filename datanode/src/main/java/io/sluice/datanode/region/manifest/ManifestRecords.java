package io.sluice.datanode.region.manifest;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.SyncBytes;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.ByteBufferStream;
import io.sluice.datanode.region.entry.EntryFields;
import io.sluice.datanode.region.entry.ResendFields;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The records of a manifest, one per change: {@code docs/formats/manifest.md}. Stateless. */
final class ManifestRecords {
  static final int IDENTITY = 1;
  private static final int SERIES_ADDED = 2;
  private static final int SERIES_REMOVED = 3;
  private static final int POINTS_HIDDEN = 4;
  private static final int RECORD_SET = 5;
  private static final int LEDGER_SET = 6;
  private static final int LEDGER_REMOVED = 7;
  private static final int LEADER_BEGAN = 8;
  private static final int FILE_ADDED = 9;
  private static final int ADVANCED = 10;
  private static final int SERIES_HELD = 20;
  private static final int PIPE_FORGOTTEN = 21;
  private static final int DELETED = 22;
  private static final int DEVICE_WRITTEN = 23;
  private static final int ORIGIN_FILE_ADDED = 24;
  private static final int ROUTED_FILE_ADDED = 27;
  private static final int FILES_MERGED = 11;

  /** Fields of a file, its name and route left out. */
  private static final int FILE_BYTES_MIN = 5 * Long.BYTES + 2 * Integer.BYTES + 2;

  private static final int RESEND_ASKED = 25;
  private static final int DATABASE_DROPPED = 26;

  private ManifestRecords() {}

  static void writeIdentity(DataOutputStream out, ManifestIdentity identity) throws IOException {
    out.writeByte(IDENTITY);
    SyncBytes.write(out, identity.clusterId());
    SyncBytes.write(out, identity.regionId());
    EntryFields.writeText(out, identity.database());
  }

  static ManifestIdentity readIdentity(ByteBuffer in) throws IOException {
    if (in.get() != IDENTITY) {
      throw new IllegalArgumentException("it does not say whose it is");
    }
    DataInputStream sync = new DataInputStream(new ByteBufferStream(in));
    var cluster = SyncBytes.readUuid(sync);
    var region = SyncBytes.readUuid(sync);
    return new ManifestIdentity(cluster, region, EntryFields.readText(in));
  }

  static void write(DataOutputStream out, Change change) throws IOException {
    if (change instanceof Change.SeriesAdded added) {
      out.writeByte(SERIES_ADDED);
      EntryFields.writeText(out, added.device());
      out.writeBoolean(added.aligned());
      EntryFields.writeSpecs(out, added.specs());
    } else if (change instanceof Change.SeriesRemoved removed) {
      out.writeByte(SERIES_REMOVED);
      EntryFields.writeText(out, removed.device());
      writeTexts(out, removed.measurements());
    } else if (change instanceof Change.PointsHidden hidden) {
      writeHidden(out, hidden);
    } else if (change instanceof Change.DeviceWritten written) {
      out.writeByte(DEVICE_WRITTEN);
      EntryFields.writeText(out, written.device());
      SyncBytes.write(out, written.origin());
    } else if (change instanceof Change.RecordSet set) {
      out.writeByte(RECORD_SET);
      SyncBytes.write(out, set.source());
      SyncBytes.write(out, set.record());
    } else if (change instanceof Change.LedgerSet set) {
      out.writeByte(LEDGER_SET);
      SyncBytes.write(out, set.ledger());
    } else if (change instanceof Change.LedgerRemoved removed) {
      out.writeByte(LEDGER_REMOVED);
      SyncBytes.write(out, removed.source());
    } else if (change instanceof Change.LeaderBegan leader) {
      out.writeByte(LEADER_BEGAN);
      out.writeLong(leader.firstIndex());
      out.writeLong(leader.number());
    } else if (change instanceof Change.SeriesHeld held) {
      out.writeByte(SERIES_HELD);
      out.writeLong(held.pipeNumber());
      writeHeld(out, held.series());
    } else if (change instanceof Change.ResendAsked asked) {
      out.writeByte(RESEND_ASKED);
      out.writeLong(asked.pipeNumber());
      out.writeLong(asked.resend().index());
      ResendFields.write(out, asked.resend().parts());
    } else if (change instanceof Change.PipeForgotten forgotten) {
      out.writeByte(PIPE_FORGOTTEN);
      out.writeLong(forgotten.pipeNumber());
    } else if (change instanceof Change.DatabaseDropped dropped) {
      out.writeByte(DATABASE_DROPPED);
      out.writeLong(dropped.index());
    } else if (change instanceof Change.FileAdded added) {
      writeAdded(out, added.file());
    } else if (change instanceof Change.FilesMerged merge) {
      out.writeByte(FILES_MERGED);
      out.writeInt(merge.ends().size());
      for (long end : merge.ends()) {
        out.writeLong(end);
      }
      out.writeInt(merge.merged().size());
      for (SealedFile file : merge.merged()) {
        SyncBytes.write(out, known(file));
        writeFile(out, file);
      }
    } else if (change instanceof Change.Advanced advanced) {
      out.writeByte(ADVANCED);
      out.writeLong(advanced.term());
      out.writeLong(advanced.index());
      out.writeLong(advanced.lastDataIndex());
    } else {
      throw new IllegalArgumentException("no record for " + change.getClass());
    }
  }

  /**
   * @param files the folder file names are in
   */
  static Change read(ByteBuffer in, Path files) throws IOException {
    DataInputStream sync = new DataInputStream(new ByteBufferStream(in));
    int kind = in.get();
    switch (kind) {
      case SERIES_ADDED:
        String device = EntryFields.readText(in);
        boolean aligned = EntryFields.readFlag(in);
        return new Change.SeriesAdded(device, aligned, EntryFields.readSpecs(in));
      case SERIES_REMOVED:
        String shrunk = EntryFields.readText(in);
        return new Change.SeriesRemoved(shrunk, readTexts(in));
      case POINTS_HIDDEN:
        String hiddenDevice = EntryFields.readText(in);
        List<String> measurements = readTexts(in);
        TimeRange range = EntryFields.readRange(in);
        Hidden plain = new Hidden(range, in.getLong());
        return new Change.PointsHidden(hiddenDevice, measurements, plain);
      case DELETED:
        return readHidden(in, sync);
      case DEVICE_WRITTEN:
        String writtenDevice = EntryFields.readText(in);
        return new Change.DeviceWritten(writtenDevice, SyncBytes.readUuid(sync));
      case ORIGIN_FILE_ADDED:
        Route direct = Route.of(SyncBytes.readUuid(sync));
        return new Change.FileAdded(readFile(in, direct, files));
      case ROUTED_FILE_ADDED:
        Route route = SyncBytes.readRoute(sync);
        return new Change.FileAdded(readFile(in, route, files));
      case RECORD_SET:
        Source source = SyncBytes.readSource(sync);
        return new Change.RecordSet(source, SyncBytes.readRecord(sync));
      case LEDGER_SET:
        return new Change.LedgerSet(SyncBytes.readLedger(sync));
      case LEDGER_REMOVED:
        return new Change.LedgerRemoved(SyncBytes.readSource(sync));
      case LEADER_BEGAN:
        long first = in.getLong();
        return new Change.LeaderBegan(first, in.getLong());
      case SERIES_HELD:
        long pipeNumber = in.getLong();
        return new Change.SeriesHeld(pipeNumber, readHeld(in));
      case RESEND_ASKED:
        long sentBy = in.getLong();
        long resendIndex = in.getLong();
        return new Change.ResendAsked(sentBy, new Resend(resendIndex, ResendFields.read(in)));
      case PIPE_FORGOTTEN:
        return new Change.PipeForgotten(in.getLong());
      case DATABASE_DROPPED:
        return new Change.DatabaseDropped(in.getLong());
      case FILE_ADDED:
        return new Change.FileAdded(readFile(in, Route.HERE, files));
      case FILES_MERGED:
        return readMerge(in, sync, files);
      case ADVANCED:
        long term = in.getLong();
        long index = in.getLong();
        return new Change.Advanced(term, index, in.getLong());
      default:
        throw new IllegalArgumentException("record of unknown kind " + kind);
    }
  }

  /** Of an unknown one the file itself says that it was loaded. */
  private static Route known(SealedFile file) {
    return file.route().equals(SealedFile.UNKNOWN) ? Route.HERE : file.route();
  }

  /** As short as may be: most files are of here, most others have come straight. */
  private static void writeAdded(DataOutputStream out, SealedFile file) throws IOException {
    Route route = known(file);
    if (route.isHere()) {
      out.writeByte(FILE_ADDED);
    } else if (route.clusters().size() == 1) {
      out.writeByte(ORIGIN_FILE_ADDED);
      SyncBytes.write(out, route.clusters().get(0));
    } else {
      out.writeByte(ROUTED_FILE_ADDED);
      SyncBytes.write(out, route);
    }
    writeFile(out, file);
  }

  private static void writeFile(DataOutputStream out, SealedFile file) throws IOException {
    out.writeLong(file.start());
    out.writeLong(file.end());
    EntryFields.writeText(out, file.path().getFileName().toString());
    out.writeLong(file.lengthBytes());
    out.writeInt(file.crc32c());
    EntryFields.writeRange(out, file.times());
    out.writeBoolean(file.loaded());
  }

  private static SealedFile readFile(ByteBuffer in, Route known, Path files) {
    long start = in.getLong();
    long end = in.getLong();
    String name = EntryFields.readText(in);
    if (name.isEmpty() || !Path.of(name).equals(Path.of(name).getFileName())) {
      throw new IllegalArgumentException("file name " + name);
    }
    long lengthBytes = in.getLong();
    int crc32c = in.getInt();
    TimeRange times = EntryFields.readRange(in);
    boolean loaded = EntryFields.readFlag(in);
    Route route = loaded && known.isHere() ? SealedFile.UNKNOWN : known;
    return new SealedFile(start, end, files.resolve(name), lengthBytes, crc32c, times, route);
  }

  /** A deletion of everybody's points is written as it always was. */
  private static void writeHidden(DataOutputStream out, Change.PointsHidden change)
      throws IOException {
    Hidden hidden = change.hidden();
    boolean plain = hidden.route().isHere() && !hidden.series();
    out.writeByte(plain ? POINTS_HIDDEN : DELETED);
    EntryFields.writeText(out, change.device());
    writeTexts(out, change.measurements());
    EntryFields.writeRange(out, hidden.range());
    out.writeLong(hidden.atIndex());
    if (!plain) {
      out.writeBoolean(hidden.series());
      SyncBytes.write(out, hidden.route());
    }
  }

  private static Change readHidden(ByteBuffer in, DataInputStream sync) throws IOException {
    String device = EntryFields.readText(in);
    List<String> measurements = readTexts(in);
    TimeRange range = EntryFields.readRange(in);
    long atIndex = in.getLong();
    boolean series = EntryFields.readFlag(in);
    Route route = SyncBytes.readRoute(sync);
    return new Change.PointsHidden(device, measurements, new Hidden(range, atIndex, route, series));
  }

  private static void writeHeld(DataOutputStream out, List<HeldSeries> series) throws IOException {
    out.writeInt(series.size());
    for (HeldSeries one : series) {
      EntryFields.writeText(out, one.key().device());
      EntryFields.writeText(out, one.key().measurement());
      out.writeLong(one.sinceIndex());
      out.writeLong(one.rejoinIndex());
      out.writeLong(one.sinceMs());
      EntryFields.writeText(out, one.reason());
    }
  }

  private static List<HeldSeries> readHeld(ByteBuffer in) {
    int count = EntryFields.readCount(in, 36);
    List<HeldSeries> series = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = EntryFields.readText(in);
      SeriesKey key = new SeriesKey(device, EntryFields.readText(in));
      long sinceIndex = in.getLong();
      long rejoinIndex = in.getLong();
      long sinceMs = in.getLong();
      series.add(new HeldSeries(key, sinceIndex, rejoinIndex, sinceMs, EntryFields.readText(in)));
    }
    return series;
  }

  private static Change readMerge(ByteBuffer in, DataInputStream sync, Path files)
      throws IOException {
    int ends = EntryFields.readCount(in, Long.BYTES);
    List<Long> gone = new ArrayList<>(ends);
    for (int i = 0; i < ends; i++) {
      gone.add(in.getLong());
    }
    int count = EntryFields.readCount(in, FILE_BYTES_MIN);
    List<SealedFile> merged = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Route route = SyncBytes.readRoute(sync);
      merged.add(readFile(in, route, files));
    }
    return new Change.FilesMerged(gone, merged);
  }

  private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      EntryFields.writeText(out, text);
    }
  }

  private static List<String> readTexts(ByteBuffer in) {
    int count = EntryFields.readCount(in, Integer.BYTES);
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(EntryFields.readText(in));
    }
    return texts;
  }

  /** Changes that make {@code image} out of nothing, an {@code Advanced} last. */
  static List<Change> of(RegionImage image) {
    List<Change> changes = new ArrayList<>();
    image
        .schema()
        .forEach(
            (name, device) -> {
              changes.add(
                  new Change.SeriesAdded(name, device.aligned(), sorted(device.specs().values())));
              device.origins().stream()
                  .sorted()
                  .forEach(origin -> changes.add(new Change.DeviceWritten(name, origin)));
            });
    image
        .hidden()
        .forEach(
            (key, all) -> {
              for (Hidden hidden : all) {
                changes.add(
                    new Change.PointsHidden(key.device(), List.of(key.measurement()), hidden));
              }
            });
    for (var entry : image.records().entrySet()) {
      AppliedRecord record = entry.getValue();
      changes.add(new Change.RecordSet(entry.getKey(), record));
    }
    image.ledgers().values().forEach(ledger -> changes.add(new Change.LedgerSet(ledger)));
    for (Lineage.Span span : image.lineage().spans()) {
      changes.add(new Change.LeaderBegan(span.firstIndex(), span.number()));
    }
    for (long pipe : image.quarantine().pipes().stream().sorted().toList()) {
      List<HeldSeries> held = List.copyOf(image.quarantine().of(pipe));
      if (!held.isEmpty()) {
        changes.add(new Change.SeriesHeld(pipe, held));
      }
      image
          .quarantine()
          .resends(pipe)
          .forEach(resend -> changes.add(new Change.ResendAsked(pipe, resend)));
    }
    if (image.dropped()) {
      changes.add(new Change.DatabaseDropped(image.droppedIndex()));
    }
    image.files().forEach(file -> changes.add(new Change.FileAdded(file)));
    changes.add(new Change.Advanced(image.term(), image.index(), image.lastDataIndex()));
    return changes;
  }

  private static List<SeriesSpec> sorted(java.util.Collection<SeriesSpec> specs) {
    return specs.stream().sorted(java.util.Comparator.comparing(SeriesSpec::measurement)).toList();
  }
}
