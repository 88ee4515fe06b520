package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.memtable.MalformedTabletException;
import io.sluice.datanode.region.memtable.PointRun;
import io.sluice.datanode.region.memtable.TabletDecoder;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;
import org.apache.tsfile.utils.Binary;

/** A region in maps. Applies the entries clients cause; keeps them all for a test to look at. */
public final class FakeRegion implements RegionAccess {
  /** What the one pipe holds back. */
  List<HeldPart> held = List.of();

  private static final int BLOCK_ROWS = 100;

  public final List<LogEntry> entries = new ArrayList<>();
  public final AtomicInteger openScans = new AtomicInteger();
  public final AtomicInteger flushes = new AtomicInteger();
  private final UUID id = UUID.randomUUID();
  private final TreeMap<SeriesKey, SeriesInfo> schema = new TreeMap<>();
  private final TreeMap<SeriesKey, NavigableMap<Long, Object>> points = new TreeMap<>();
  private ApplyResult nextResult;

  /** The next proposal is answered so, and not applied. */
  public synchronized void answerNext(ApplyResult result) {
    nextResult = result;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public synchronized CompletableFuture<ApplyResult> propose(LogEntry entry) {
    entries.add(entry);
    ApplyResult result = nextResult != null ? nextResult : apply(entry);
    nextResult = null;
    return CompletableFuture.completedFuture(result);
  }

  private ApplyResult apply(LogEntry entry) {
    if (entry instanceof LogEntry.InsertRows insert) {
      TreeMap<SeriesKey, SeriesInfo> before = new TreeMap<>(schema);
      for (LogEntry.Row row : insert.rows()) {
        ApplyResult refusal = refusal(row.device(), row.aligned(), row.columns());
        if (refusal != null) {
          schema.keySet().retainAll(before.keySet());
          return refusal;
        }
        for (SeriesSpec column : row.columns()) {
          SeriesInfo made = new SeriesInfo(row.device(), row.aligned(), column);
          schema.putIfAbsent(made.key(), made);
        }
      }
      for (LogEntry.Row row : insert.rows()) {
        for (int i = 0; i < row.columns().size(); i++) {
          put(row.device(), row.aligned(), row.columns().get(i), row.time(), row.values().get(i));
        }
      }
    } else if (entry instanceof LogEntry.InsertTablet tablet) {
      ApplyResult refusal = refusal(tablet.device(), tablet.aligned(), tablet.columns());
      if (refusal != null) {
        return refusal;
      }
      try {
        insert(tablet);
      } catch (MalformedTabletException e) {
        return new ApplyResult.Refused(StatusCode.ILLEGAL_PARAMETER, e.getMessage());
      }
    } else if (entry instanceof LogEntry.CreateSeries create) {
      for (SeriesInfo series : create.series()) {
        if (schema.containsKey(series.key())) {
          return new ApplyResult.Refused(
              StatusCode.SERIES_ALREADY_EXISTS, "Path [" + series.key().path() + "] already exist");
        }
      }
      create.series().forEach(series -> schema.put(series.key(), series));
    } else if (entry instanceof LogEntry.DeleteSeries delete) {
      for (SeriesInfo series : series(delete.patterns())) {
        schema.remove(series.key());
        points.remove(series.key());
      }
    } else if (entry instanceof LogEntry.DeleteData delete) {
      for (SeriesInfo series : series(delete.patterns())) {
        TimeRange range = delete.range();
        of(series.key()).subMap(range.first(), true, range.last(), true).clear();
      }
    }
    return new ApplyResult.Applied(entries.size());
  }

  private ApplyResult refusal(String device, boolean aligned, List<SeriesSpec> columns) {
    for (SeriesSpec column : columns) {
      SeriesInfo known = schema.get(new SeriesKey(device, column.measurement()));
      if (known != null && known.spec().type() != column.type()) {
        return new ApplyResult.Refused(
            StatusCode.METADATA_ERROR,
            column.measurement() + " is " + known.spec().type() + ", not " + column.type());
      }
      if (known != null && known.aligned() != aligned) {
        return new ApplyResult.Refused(StatusCode.METADATA_ERROR, device + " is aligned otherwise");
      }
    }
    return null;
  }

  private void put(String device, boolean aligned, SeriesSpec spec, long time, Object value) {
    SeriesKey key = new SeriesKey(device, spec.measurement());
    schema.putIfAbsent(key, new SeriesInfo(device, aligned, spec));
    of(key).put(time, value);
  }

  private NavigableMap<Long, Object> of(SeriesKey key) {
    return points.computeIfAbsent(key, absent -> new TreeMap<>());
  }

  private void insert(LogEntry.InsertTablet tablet) throws MalformedTabletException {
    List<PointRun> runs = TabletDecoder.decode(tablet);
    for (int i = 0; i < runs.size(); i++) {
      PointRun run = runs.get(i);
      for (int row = 0; run != null && row < run.count(); row++) {
        Object value =
            run.values() instanceof Binary[] texts ? texts[row] : Array.get(run.values(), row);
        put(tablet.device(), tablet.aligned(), tablet.columns().get(i), run.times()[row], value);
      }
    }
  }

  @Override
  public synchronized List<SeriesInfo> series(List<PathPattern> patterns) {
    return schema.values().stream()
        .filter(one -> patterns.stream().anyMatch(pattern -> pattern.matches(one.key().path())))
        .toList();
  }

  @Override
  public synchronized RowBlocks scan(ScanRequest request) {
    openScans.incrementAndGet();
    TreeSet<Long> times =
        new TreeSet<>(
            request.descending() ? Comparator.<Long>reverseOrder() : Comparator.naturalOrder());
    for (SeriesKey key : request.columns()) {
      of(key).keySet().stream().filter(request.times()::contains).forEach(times::add);
    }
    List<Long> rows = new ArrayList<>(times);
    if (request.limitRows() > 0 && rows.size() > request.limitRows()) {
      rows = rows.subList(0, (int) request.limitRows());
    }
    return new Rows(request, rows);
  }

  @Override
  public synchronized long[] count(ScanRequest request) {
    return request.columns().stream()
        .mapToLong(key -> of(key).keySet().stream().filter(request.times()::contains).count())
        .toArray();
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    flushes.incrementAndGet();
    return CompletableFuture.completedFuture(new ApplyResult.Applied(entries.size()));
  }

  @Override
  public List<HeldPart> quarantine(long pipeNumber) {
    return held;
  }

  @Override
  public DigestAnswer digest(DigestQuery query) {
    throw new UnsupportedOperationException("no statement compares by itself");
  }

  @Override
  public List<RottenFile> rotten(UUID origin) {
    throw new UnsupportedOperationException("no statement asks");
  }

  @Override
  public Mended mend(BroughtRows brought) {
    throw new UnsupportedOperationException("no statement mends by itself");
  }

  @Override
  public SyncState syncState(Source source) {
    return new SyncState(null, null);
  }

  @Override
  public void stage(Path file, String stagedName) {
    throw new UnsupportedOperationException("no statement stages a file");
  }

  private final class Rows implements RowBlocks {
    private final ScanRequest request;
    private final List<Long> times;
    private int next;
    private boolean closed;

    Rows(ScanRequest request, List<Long> times) {
      this.request = request;
      this.times = times;
    }

    @Override
    public TsBlock next() {
      if (next == times.size()) {
        return null;
      }
      TsBlockBuilder builder = new TsBlockBuilder(request.types());
      for (int rows = 0; rows < BLOCK_ROWS && next < times.size(); rows++, next++) {
        long time = times.get(next);
        builder.getTimeColumnBuilder().writeLong(time);
        for (int i = 0; i < request.columns().size(); i++) {
          Object value = of(request.columns().get(i)).get(time);
          if (value == null) {
            builder.getColumnBuilder(i).appendNull();
          } else {
            builder.getColumnBuilder(i).writeObject(value);
          }
        }
        builder.declarePosition();
      }
      return builder.build();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openScans.decrementAndGet();
      }
    }
  }

  /** How many points there are of a series. */
  public synchronized int pointsOf(String device, String measurement) {
    return of(new SeriesKey(device, measurement)).size();
  }
}
