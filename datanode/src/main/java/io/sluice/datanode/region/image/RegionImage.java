package io.sluice.datanode.region.image;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.SealedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything of a region but its points in memory, as of one log index. Immutable: readers keep one
 * while applying goes on.
 *
 * @param term of {@code index}
 * @param index the last entry it holds, {@link #NOTHING} before the first
 * @param lastDataIndex the last entry that changed points or schema, 0 for none
 * @param schema by device
 * @param hidden deletions by series
 * @param records last applied piece by source
 * @param quarantine what pipes hold back of it, and send once more
 * @param droppedIndex at which its database was dropped, {@link #NOT_DROPPED} while it is not
 * @param files by ascending end
 */
public record RegionImage(
    long term,
    long index,
    long lastDataIndex,
    SortedImage<String, DeviceSchema> schema,
    SortedImage<SeriesKey, List<Hidden>> hidden,
    Map<Source, AppliedRecord> records,
    Map<Source, Ledger> ledgers,
    Lineage lineage,
    Quarantine quarantine,
    long droppedIndex,
    List<SealedFile> files) {
  /** Index of the image before the first entry: the log begins at 0. */
  public static final long NOTHING = -1;

  /** Of {@link #droppedIndex}. */
  public static final long NOT_DROPPED = 0;

  public static final RegionImage EMPTY =
      new RegionImage(
          0,
          NOTHING,
          0,
          SortedImage.empty(),
          SortedImage.empty(),
          Map.of(),
          Map.of(),
          Lineage.EMPTY,
          Quarantine.EMPTY,
          NOT_DROPPED,
          List.of());

  public RegionImage replay(List<? extends Change> changes) {
    RegionImage image = this;
    for (Change change : changes) {
      image = image.replay(change);
    }
    return image;
  }

  public RegionImage replay(Change change) {
    if (change instanceof Change.SeriesAdded added) {
      return withSchema(schema.with(added.device(), extended(added)));
    } else if (change instanceof Change.SeriesRemoved removed) {
      DeviceSchema rest = schema.get(removed.device()).without(removed.measurements());
      return withSchema(
          rest.specs().isEmpty()
              ? schema.without(removed.device())
              : schema.with(removed.device(), rest));
    } else if (change instanceof Change.PointsHidden points) {
      return withHidden(hide(points));
    } else if (change instanceof Change.DeviceWritten written) {
      DeviceSchema device = schema.get(written.device());
      return withSchema(schema.with(written.device(), device.writtenFrom(written.origin())));
    } else if (change instanceof Change.RecordSet set) {
      return withRecords(replaced(records, set.source(), set.record()));
    } else if (change instanceof Change.LedgerSet set) {
      return withLedgers(replaced(ledgers, set.ledger().source(), set.ledger()));
    } else if (change instanceof Change.LedgerRemoved removed) {
      return withLedgers(replaced(ledgers, removed.source(), null));
    } else if (change instanceof Change.LeaderBegan leader) {
      return withLineage(lineage.with(leader.firstIndex(), leader.number()));
    } else if (change instanceof Change.SeriesHeld held) {
      return withQuarantine(quarantine.with(held.pipeNumber(), held.series()));
    } else if (change instanceof Change.ResendAsked asked) {
      return withQuarantine(quarantine.with(asked.pipeNumber(), asked.resend()));
    } else if (change instanceof Change.PipeForgotten forgotten) {
      return withQuarantine(quarantine.without(forgotten.pipeNumber()));
    } else if (change instanceof Change.DatabaseDropped dropped) {
      return droppedAt(dropped.index());
    } else if (change instanceof Change.FileAdded added) {
      return withFiles(replaced(List.of(), List.of(added.file())));
    } else if (change instanceof Change.FilesMerged merge) {
      return withFiles(replaced(merge.ends(), merge.merged()));
    } else if (change instanceof Change.Advanced advanced) {
      return at(advanced.term(), advanced.index(), advanced.lastDataIndex());
    }
    throw new IllegalArgumentException("unknown change " + change);
  }

  /** Log index of the newest deletion, 0 for none. Looks at all of them. */
  public long lastDeletion() {
    long[] last = {0};
    hidden.forEach((key, all) -> all.forEach(one -> last[0] = Math.max(last[0], one.atIndex())));
    return last[0];
  }

  private DeviceSchema extended(Change.SeriesAdded added) {
    DeviceSchema now = schema.get(added.device());
    return now == null
        ? DeviceSchema.of(added.device(), added.aligned(), added.specs())
        : now.with(added.specs());
  }

  private SortedImage<SeriesKey, List<Hidden>> hide(Change.PointsHidden points) {
    SortedImage<SeriesKey, List<Hidden>> all = hidden;
    for (String measurement : points.measurements()) {
      SeriesKey key = new SeriesKey(points.device(), measurement);
      List<Hidden> before = all.get(key);
      List<Hidden> more = before == null ? new ArrayList<>() : new ArrayList<>(before);
      more.removeIf(old -> covers(points.hidden(), old));
      more.add(points.hidden());
      all = all.with(key, List.copyOf(more));
    }
    return all;
  }

  /** Whether nothing is to be known of the older deletion any more. */
  private static boolean covers(Hidden newer, Hidden older) {
    return older.atIndex() <= newer.atIndex()
        && newer.range().contains(older.range())
        && older.route().equals(newer.route())
        && (newer.series() || !older.series());
  }

  private List<SealedFile> replaced(List<Long> ends, List<SealedFile> added) {
    Set<Long> gone = Set.copyOf(ends);
    List<SealedFile> now = new ArrayList<>(files.size() + added.size());
    for (SealedFile file : files) {
      if (!gone.contains(file.end())) {
        now.add(file);
      }
    }
    now.addAll(added);
    now.sort(Comparator.comparingLong(SealedFile::end));
    return List.copyOf(now);
  }

  private static <V> Map<Source, V> replaced(Map<Source, V> map, Source source, V value) {
    Map<Source, V> copy = new HashMap<>(map);
    if (value == null) {
      copy.remove(source);
    } else {
      copy.put(source, value);
    }
    return Map.copyOf(copy);
  }

  /** The first file whose end is above {@code after}. */
  public Optional<SealedFile> firstFileAfter(long after) {
    int from = 0;
    int to = files.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (files.get(middle).end() > after) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from < files.size() ? Optional.of(files.get(from)) : Optional.empty();
  }

  /** Series whose path matches any pattern, ordered by key. */
  public List<SeriesInfo> series(List<PathPattern> patterns) {
    if (patterns.stream().anyMatch(PathPattern::hasWildcard)) {
      return scan(patterns);
    }
    List<SeriesInfo> found = new ArrayList<>();
    for (PathPattern path : new LinkedHashSet<>(patterns)) {
      find(path).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(SeriesInfo::key));
    return found;
  }

  private List<SeriesInfo> scan(List<PathPattern> patterns) {
    List<SeriesInfo> found = new ArrayList<>();
    schema.forEach(
        (name, device) -> {
          List<String> nodes = PathPattern.split(name);
          List<PathPattern> possible =
              patterns.stream().filter(pattern -> pattern.couldMatchBelow(nodes)).toList();
          if (!possible.isEmpty()) {
            addMatching(device, nodes, possible, found);
          }
        });
    return found;
  }

  private static void addMatching(
      DeviceSchema device, List<String> nodes, List<PathPattern> patterns, List<SeriesInfo> found) {
    List<String> path = new ArrayList<>(nodes);
    path.add("");
    device.specs().values().stream()
        .sorted(Comparator.comparing(SeriesSpec::measurement))
        .forEach(
            spec -> {
              path.set(nodes.size(), spec.measurement());
              if (patterns.stream().anyMatch(pattern -> pattern.matches(path))) {
                found.add(device.info(spec));
              }
            });
  }

  private Optional<SeriesInfo> find(PathPattern path) {
    List<String> nodes = path.nodes();
    if (nodes.size() < 2) {
      return Optional.empty();
    }
    String device = String.join(".", nodes.subList(0, nodes.size() - 1));
    return series(new SeriesKey(device, nodes.get(nodes.size() - 1)));
  }

  public Optional<SeriesInfo> series(SeriesKey key) {
    DeviceSchema device = schema.get(key.device());
    SeriesSpec spec = device == null ? null : device.spec(key.measurement());
    return spec == null ? Optional.empty() : Optional.of(device.info(spec));
  }

  private RegionImage withSchema(SortedImage<String, DeviceSchema> now) {
    return with(copy -> copy.schema = now);
  }

  private RegionImage withHidden(SortedImage<SeriesKey, List<Hidden>> now) {
    return with(copy -> copy.hidden = now);
  }

  private RegionImage withRecords(Map<Source, AppliedRecord> now) {
    return with(copy -> copy.records = now);
  }

  private RegionImage withLedgers(Map<Source, Ledger> now) {
    return with(copy -> copy.ledgers = now);
  }

  private RegionImage withLineage(Lineage now) {
    return with(copy -> copy.lineage = now);
  }

  private RegionImage withQuarantine(Quarantine now) {
    return with(copy -> copy.quarantine = now);
  }

  /** This image with other files. */
  public RegionImage withFiles(List<SealedFile> now) {
    return with(copy -> copy.files = now);
  }

  private RegionImage at(long newTerm, long newIndex, long newLastDataIndex) {
    return with(
        copy -> {
          copy.term = newTerm;
          copy.index = newIndex;
          copy.lastDataIndex = newLastDataIndex;
        });
  }

  private RegionImage droppedAt(long dropped) {
    return with(copy -> copy.droppedIndex = dropped);
  }

  private RegionImage with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.image();
  }

  public boolean dropped() {
    return droppedIndex != NOT_DROPPED;
  }

  /** The parts of an image while some of them are replaced. */
  private static final class Copy {
    private long term;
    private long index;
    private long lastDataIndex;
    private SortedImage<String, DeviceSchema> schema;
    private SortedImage<SeriesKey, List<Hidden>> hidden;
    private Map<Source, AppliedRecord> records;
    private Map<Source, Ledger> ledgers;
    private Lineage lineage;
    private Quarantine quarantine;
    private long droppedIndex;
    private List<SealedFile> files;

    Copy(RegionImage image) {
      term = image.term;
      index = image.index;
      lastDataIndex = image.lastDataIndex;
      schema = image.schema;
      hidden = image.hidden;
      records = image.records;
      ledgers = image.ledgers;
      lineage = image.lineage;
      quarantine = image.quarantine;
      droppedIndex = image.droppedIndex;
      files = image.files;
    }

    RegionImage image() {
      return new RegionImage(
          term,
          index,
          lastDataIndex,
          schema,
          hidden,
          records,
          ledgers,
          lineage,
          quarantine,
          droppedIndex,
          files);
    }
  }
}
