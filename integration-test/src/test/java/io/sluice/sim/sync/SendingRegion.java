package io.sluice.sim.sync;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.Region.DeletionAt;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.ClientDeletions;
import io.sluice.datanode.region.image.EntryRules;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.sim.sync.Point.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A sender's region: a log of writes and deletions, sealed into ranges. Schema, deletions and
 * lineage are the production image's, under the production rules; only points and files are
 * modelled. Log indexes begin with 1.
 */
final class SendingRegion {
  /**
   * @param deletion null unless one
   * @param mark whether a piece of its own ends here
   */
  record Entry(List<Point> points, Deleted deletion, boolean mark) {
    static final Entry OTHER = new Entry(List.of(), null, false);

    static Entry of(Deleted deletion) {
      return new Entry(List.of(), deletion, true);
    }

    static Entry of(List<Point> points) {
      return new Entry(points, null, false);
    }
  }

  /** All points of a series within times, as of an index. */
  record Deleted(int series, TimeRange range) {
    byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(20);
      return bytes.putInt(series).putLong(range.first()).putLong(range.last()).array();
    }

    static Deleted read(byte[] content) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      return new Deleted(bytes.getInt(), new TimeRange(bytes.getLong(), bytes.getLong()));
    }

    boolean hits(Place place) {
      return place.series() == series && range.contains(place.time());
    }
  }

  /** A durable range, with its points as they were when its file was written. */
  private record Sealed(long start, long end, List<Point> points) {}

  /** What to ship next; {@code content} empty: nothing. */
  record Ready(long start, long end, long cutBy, byte[] content, Frame.Content kind) {}

  private final List<Entry> log = new ArrayList<>();
  private final NavigableMap<Long, Sealed> sealed = new TreeMap<>();
  private RegionImage image = RegionImage.EMPTY;
  private long lastDataIndex;

  /** All up to here is durable, in files where it has points. */
  private long sealedTo;

  SendingRegion(long leader) {
    newLeader(leader);
    apply(
        new LogEntry.CreateSeries(
            IntStream.range(0, Point.SERIES).mapToObj(Point::info).toList(), true),
        Entry.OTHER);
  }

  private SendingRegion() {}

  SendingRegion copy() {
    SendingRegion copy = new SendingRegion();
    copy.log.addAll(log);
    copy.sealed.putAll(sealed);
    copy.image = image;
    copy.lastDataIndex = lastDataIndex;
    copy.sealedTo = sealedTo;
    return copy;
  }

  private void apply(LogEntry entry, Entry logged) {
    log.add(logged);
    image = image.replay(EntryRules.decide(image, log.size(), entry).changes());
  }

  void newLeader(long number) {
    apply(new LogEntry.NewLeader(number), Entry.OTHER);
  }

  void write(List<Point> points) {
    log.add(Entry.of(points));
    lastDataIndex = log.size();
  }

  /** Closes the range before it, as a region does. */
  void delete(Deleted what) {
    seal();
    PathPattern series = PathPattern.parse(Point.device(what.series()) + ".s");
    apply(new LogEntry.DeleteData(List.of(series), what.range()), Entry.of(what));
    lastDataIndex = log.size();
  }

  /** Series that the pipe's receiver refuses are left out from that range on. */
  void holdBack(long pipe, long sinceIndex, List<SeriesConflict> series) {
    apply(new LogEntry.HoldBack(pipe, sinceIndex, 0, series), Entry.OTHER);
  }

  /** RETRY; closes the range before it. */
  boolean rejoin(long pipe) {
    if (held(pipe).stream().noneMatch(HeldSeries::held)) {
      return false;
    }
    seal();
    apply(new LogEntry.Rejoin(pipe), new Entry(List.of(), null, true));
    lastDataIndex = log.size();
    return true;
  }

  Collection<HeldSeries> held(long pipe) {
    return image.quarantine().of(pipe);
  }

  private List<Point> unsealed() {
    Map<Place, Point> last = new LinkedHashMap<>();
    for (Entry entry : log.subList((int) sealedTo, log.size())) {
      entry.points().forEach(point -> last.put(point.place(), point));
    }
    return List.copyOf(last.values());
  }

  /** The file's end is an index that nothing else to be sent has, as in a region's store. */
  void seal() {
    List<Point> points = unsealed();
    if (!points.isEmpty()) {
      int end = log.size();
      while (log.get(end - 1).mark()) {
        end--;
      }
      sealed.put((long) end, new Sealed(sealedTo, end, points));
    }
    sealedTo = log.size();
  }

  /**
   * Merges two neighbouring files, without what is deleted in either. Never across a deletion: its
   * piece would bring the position past rows that are in no file yet whose end it has passed, and
   * another replica, or a copy, may still have them in one.
   *
   * @return false when there are no such two
   */
  boolean compact(int which) {
    if (sealed.size() < 2) {
      return false;
    }
    List<Sealed> all = List.copyOf(sealed.values());
    Sealed first = all.get(which % (all.size() - 1));
    Sealed second = sealed.higherEntry(first.end()).getValue();
    if (log.subList((int) first.end(), (int) second.end()).stream()
        .anyMatch(entry -> entry.mark())) {
      return false;
    }
    Map<Place, Point> merged = new LinkedHashMap<>();
    visible(first).forEach(point -> merged.put(point.place(), point));
    visible(second).forEach(point -> merged.put(point.place(), point));
    sealed.remove(first.end());
    sealed.put(second.end(), new Sealed(first.start(), second.end(), List.copyOf(merged.values())));
    return true;
  }

  private List<Point> visible(Sealed range) {
    return range.points().stream().filter(point -> !hidden(point.place(), range.end())).toList();
  }

  private boolean hidden(Place place, long end) {
    List<Hidden> all = image.hidden().get(place.key());
    return all != null
        && all.stream()
            .anyMatch(one -> one.hides(end, Route.HERE) && one.range().contains(place.time()));
  }

  Optional<Ready> openNextAfter(long index, long pipe, boolean deletions) {
    if (index >= sealedTo) {
      return Optional.empty();
    }
    Map.Entry<Long, Sealed> next = sealed.higherEntry(index);
    Sealed range = next == null ? new Sealed(index, sealedTo, List.of()) : next.getValue();
    Collection<HeldSeries> held = held(pipe);
    long deleted = deletions ? image.lastDeletion() : 0;
    long cutBy = held.isEmpty() ? deleted : logEnd();
    Optional<DeletionAt> deletion =
        deletions ? ClientDeletions.firstAfter(image, index, null) : Optional.empty();
    long deletionAt = deletion.map(DeletionAt::index).orElse(Long.MAX_VALUE);
    long rejoinAt =
        held.stream()
            .mapToLong(HeldSeries::rejoinIndex)
            .filter(at -> at > index)
            .min()
            .orElse(Long.MAX_VALUE);
    if (rejoinAt <= range.end() && rejoinAt < deletionAt) {
      byte[] bytes = Point.bytes(rejoining(held, rejoinAt));
      return Optional.of(new Ready(index, rejoinAt, cutBy, bytes, Frame.Content.POINTS));
    }
    if (deletionAt <= range.end()) {
      Deleted what = log.get((int) deletion.get().index() - 1).deletion();
      byte[] bytes = what.bytes();
      return Optional.of(
          new Ready(index, deletion.get().index(), cutBy, bytes, Frame.Content.DELETION));
    }
    List<Point> points =
        (deletions ? visible(range) : range.points())
            .stream().filter(point -> !leftOut(held, point, range.end())).toList();
    return Optional.of(
        new Ready(
            Math.min(index, range.start()),
            range.end(),
            cutBy,
            Point.bytes(points),
            Frame.Content.POINTS));
  }

  private static boolean leftOut(Collection<HeldSeries> held, Point point, long end) {
    return held.stream()
        .anyMatch(one -> one.key().equals(point.place().key()) && one.leftOutOf(end));
  }

  /** Whole series as they stand at an index. */
  private List<Point> rejoining(Collection<HeldSeries> held, long index) {
    Set<SeriesKey> keys =
        held.stream()
            .filter(one -> one.rejoinIndex() == index)
            .map(HeldSeries::key)
            .collect(Collectors.toSet());
    Map<Place, Point> last = new LinkedHashMap<>();
    for (Sealed file : sealed.headMap(index, false).values()) {
      visible(file).stream()
          .filter(point -> keys.contains(point.place().key()))
          .forEach(point -> last.put(point.place(), point));
    }
    return List.copyOf(last.values());
  }

  Lineage lineage() {
    return image.lineage();
  }

  long logEnd() {
    return log.size();
  }

  long lastDataIndex() {
    return lastDataIndex;
  }

  /** The entries up to an index, which is inclusive. */
  List<Entry> log(long upTo) {
    return log.subList(0, (int) Math.min(upTo, log.size()));
  }

  List<Entry> log() {
    return log;
  }

  /** What the log comes to; with deletions or as if there were none. */
  Map<Place, Long> state(boolean deletions) {
    return state(log.size(), deletions, entry -> true);
  }

  /** What of it is in ranges that end at or below {@code position}, and the deletions up to it. */
  Map<Place, Long> sentUpTo(long position, boolean deletions) {
    return state(
        position,
        deletions,
        index -> {
          Long end = sealed.ceilingKey(index);
          return end != null && end <= position;
        });
  }

  private Map<Place, Long> state(long upTo, boolean deletions, LongPredicate rowsOf) {
    Map<Place, Long> state = new TreeMap<>();
    for (int i = 0; i < Math.min(upTo, log.size()); i++) {
      Entry entry = log.get(i);
      if (rowsOf.test(i + 1L)) {
        entry.points().forEach(point -> state.put(point.place(), point.value()));
      }
      if (entry.deletion() != null && deletions) {
        state.keySet().removeIf(entry.deletion()::hits);
      }
    }
    return state;
  }
}
