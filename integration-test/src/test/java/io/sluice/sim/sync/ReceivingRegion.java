package io.sluice.sim.sync;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.DeviceSchema;
import io.sluice.datanode.region.image.EntryRules;
import io.sluice.datanode.region.image.EntryRules.Decision;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.sim.sync.Point.Place;
import io.sluice.sim.sync.disk.SimFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A receiver's region: the production image under the production rules, and loaded files. What its
 * log holds is durable; a file it loaded is as durable as whoever staged it made it.
 */
final class ReceivingRegion {
  /** How pieces are kept apart. */
  enum Scheme {
    /** As built: record and ledger, by compare-and-set. */
    RECORD,
    /** Scheme A of the model: one watermark, what is at or below it is skipped. */
    WATERMARK
  }

  private record Loaded(long index, Route route, SimFile file, byte[] as) {}

  final UUID id;
  private final Scheme scheme;
  private final List<Loaded> files = new ArrayList<>();
  private RegionImage image = RegionImage.EMPTY;
  private long index;

  /** What {@link SyncTruth} knew when the ledger was written last. */
  long ledgerAge;

  /** Of the session that owns the ledger: the position it began with. */
  long ledgerBegan;

  /** The latest proposal that was applied. */
  long newestApplied;

  ReceivingRegion(UUID id, Scheme scheme) {
    this.id = id;
    this.scheme = scheme;
  }

  ReceivingRegion copy() {
    ReceivingRegion copy = new ReceivingRegion(id, scheme);
    copy.files.addAll(files);
    copy.image = image;
    copy.index = index;
    copy.ledgerAge = ledgerAge;
    copy.ledgerBegan = ledgerBegan;
    return copy;
  }

  RegionImage image() {
    return image;
  }

  /** A client of the receiver makes a series that is not the sender's. */
  void makeContrary(int series) {
    apply(new LogEntry.CreateSeries(List.of(Point.contrary(series)), true), null);
  }

  /**
   * A client takes away what it made.
   *
   * @return whether there was anything
   */
  boolean mend(int series) {
    DeviceSchema device = image.schema().get(Point.device(series));
    SeriesSpec spec = device == null ? null : device.spec(Point.key(series).measurement());
    if (spec == null || spec.type() == Point.info(series).spec().type()) {
      return false;
    }
    PathPattern path = PathPattern.parse(Point.device(series) + ".s");
    apply(new LogEntry.DeleteSeries(List.of(path)), null);
    return true;
  }

  /**
   * @param file that a LoadFile speaks of: a hard link, it stays what it is there
   */
  ApplyResult apply(LogEntry entry, SimFile file) {
    index++;
    Decision decision = decide(entry);
    image = image.replay(decision.changes());
    if (entry instanceof LogEntry.LoadFile load && !decision.changes().isEmpty()) {
      files.add(new Loaded(index, load.route(), file, file.bytes()));
    }
    return decision.result();
  }

  private Decision decide(LogEntry entry) {
    return EntryRules.decide(
        image, index, scheme == Scheme.RECORD ? entry : whateverIsThere(entry));
  }

  private LogEntry whateverIsThere(LogEntry entry) {
    if (entry instanceof LogEntry.LoadFile load) {
      AppliedRecord now = record(load.source());
      return new LogEntry.LoadFile(
          load.source(),
          now,
          later(now, load.set()),
          load.stagedName(),
          load.lengthBytes(),
          load.crc32c(),
          load.series(),
          load.range());
    } else if (entry instanceof LogEntry.LoadDeletion load) {
      AppliedRecord now = record(load.source());
      return new LogEntry.LoadDeletion(load.source(), now, later(now, load.set()), load.deletion());
    }
    return entry;
  }

  /** What is at or below the watermark is skipped: it sets what is there already. */
  private static AppliedRecord later(AppliedRecord now, AppliedRecord set) {
    return now != null && now.pipeNumber() == set.pipeNumber() && now.index() >= set.index()
        ? now
        : set;
  }

  /** Null for none. */
  AppliedRecord record(Source source) {
    return image.records().get(source);
  }

  Map<Place, Long> visible() {
    Map<Place, Long> visible = new TreeMap<>();
    for (Loaded loaded : files) {
      for (Point point : Point.read(loaded.file().bytes())) {
        if (!hidden(point.place(), loaded)) {
          visible.put(point.place(), point.value());
        }
      }
    }
    return visible;
  }

  private boolean hidden(Place place, Loaded file) {
    List<Hidden> all = image.hidden().get(place.key());
    return all != null
        && all.stream()
            .anyMatch(
                one -> one.hides(file.index(), file.route()) && one.range().contains(place.time()));
  }

  /** Whether a crash could take something away of what it loaded. */
  boolean durable() {
    return files.stream().allMatch(loaded -> loaded.file().durable());
  }

  /** Whether every file is what it was when it was loaded. */
  boolean intact() {
    return files.stream().allMatch(one -> Arrays.equals(one.file().bytes(), one.as()));
  }
}
