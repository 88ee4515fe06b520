package io.sluice.datanode.pipe;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.SealedFileWriter.DevicePoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.tsfile.block.column.Column;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.utils.Binary;

/**
 * Series as they stand at one log index, as one file: what a pipe sends when they rejoin it. Rows
 * are read and written in stretches; a series is never in memory whole. Thread-safe.
 */
final class RejoinPiece {
  /** Of a device, between two chunks. */
  private static final int STRETCH_ROWS = 50_000;

  private final RegionReader reader;
  private final SealedFileWriter writer;

  RejoinPiece(RegionReader reader, SealedFileWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * @param view stays the caller's to close
   * @param index of the rejoining: only ranges that end before it are read
   * @param target does not exist
   * @return empty, and no file, when the series have no points from {@code startTimeMs} on
   */
  Optional<SealedFileWriter.Facts> write(
      RegionView view, Collection<SeriesKey> keys, long index, long startTimeMs, Path target)
      throws IOException {
    TreeMap<String, List<SeriesInfo>> devices = new TreeMap<>();
    for (SeriesKey key : keys) {
      // A series that was deleted meanwhile stands as nothing.
      view.series(key)
          .ifPresent(
              info -> devices.computeIfAbsent(key.device(), d -> new ArrayList<>()).add(info));
    }
    TimeRange times = new TimeRange(startTimeMs, Long.MAX_VALUE);
    List<Wanted> wanted =
        devices.values().stream().map(series -> new Wanted(series, times)).toList();
    ViewPart before = ViewPart.ofRanges(view, 0, index);
    return write(request -> reader.scan(before, request), wanted, target);
  }

  /**
   * The same of a repair: stretches of devices, as their series stand at its index.
   *
   * @param without series that are left out
   */
  Optional<SealedFileWriter.Facts> write(
      RegionView view, Resend resend, Set<SeriesKey> without, long startTimeMs, Path target)
      throws IOException {
    List<Wanted> wanted = new ArrayList<>();
    TimeRange sent = new TimeRange(startTimeMs, Long.MAX_VALUE);
    for (Resend.Part part : resend.parts()) {
      add(view.series(seriesOf(part)), without, part.times().intersect(sent), wanted);
    }
    ViewPart before = ViewPart.ofRanges(view, 0, resend.index());
    return write(request -> reader.scan(before, request), inOrder(wanted), target);
  }

  /** The same of a region wherever it is led, as it stands now. */
  Optional<SealedFileWriter.Facts> write(
      RegionAccess region, List<Resend.Part> parts, Set<SeriesKey> without, Path target)
      throws IOException, StatusException {
    List<Wanted> wanted = new ArrayList<>();
    for (Resend.Part part : parts) {
      add(region.series(seriesOf(part)), without, part.times(), wanted);
    }
    return write(region::scan, inOrder(wanted), target);
  }

  private static List<PathPattern> seriesOf(Resend.Part part) {
    List<String> nodes = new ArrayList<>(PathPattern.split(part.device()));
    nodes.add("*");
    return List.of(PathPattern.of(nodes));
  }

  private static void add(
      List<SeriesInfo> all, Set<SeriesKey> without, TimeRange times, List<Wanted> wanted) {
    List<SeriesInfo> series = all.stream().filter(info -> !without.contains(info.key())).toList();
    if (!series.isEmpty() && !times.empty()) {
      wanted.add(new Wanted(series, times));
    }
  }

  /** A file has its devices in order, and each one's rows. */
  private static List<Wanted> inOrder(List<Wanted> wanted) {
    List<Wanted> sorted = new ArrayList<>(wanted);
    sorted.sort(
        Comparator.comparing((Wanted one) -> one.series().get(0).device())
            .thenComparing(one -> one.times().first()));
    return apart(sorted);
  }

  /** Stretches of one device that overlap become one. */
  private static List<Wanted> apart(List<Wanted> sorted) {
    List<Wanted> apart = new ArrayList<>();
    for (Wanted one : sorted) {
      Wanted last = apart.isEmpty() ? null : apart.get(apart.size() - 1);
      if (last != null
          && last.series().equals(one.series())
          && last.times().overlaps(one.times())) {
        apart.set(apart.size() - 1, new Wanted(last.series(), last.times().span(one.times())));
      } else {
        apart.add(one);
      }
    }
    return apart;
  }

  /** Series of one device, within these times. */
  private record Wanted(List<SeriesInfo> series, TimeRange times) {}

  /** Where rows come from. */
  @FunctionalInterface
  private interface Rows {
    RowBlocks of(ScanRequest request) throws StatusException;
  }

  private Optional<SealedFileWriter.Facts> write(Rows from, List<Wanted> wanted, Path target)
      throws IOException {
    try (Stretches stretches = new Stretches(from, wanted.iterator())) {
      if (!stretches.hasNext()) {
        return Optional.empty();
      }
      return Optional.of(writer.write(target, stretches));
    } catch (UncheckedIOException e) {
      Files.deleteIfExists(target);
      throw e.getCause();
    }
  }

  /** The devices' rows, stretch by stretch. */
  private static final class Stretches implements Iterator<DevicePoints>, AutoCloseable {
    private final Rows from;
    private final Iterator<Wanted> devices;
    private TimeRange times;
    private List<SeriesInfo> series;

    /** Null between two devices. */
    private RowBlocks rows;

    private DevicePoints next;

    Stretches(Rows from, Iterator<Wanted> devices) {
      this.from = from;
      this.devices = devices;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && (rows != null || devices.hasNext())) {
          if (rows == null) {
            Wanted wanted = devices.next();
            series = wanted.series();
            times = wanted.times();
            rows = scan();
          }
          next = stretch();
          if (next == null) {
            close();
          }
        }
      } catch (StatusException e) {
        throw new UncheckedIOException(new IOException(e.getMessage(), e));
      }
      return next != null;
    }

    private RowBlocks scan() throws StatusException {
      List<SeriesKey> keys = series.stream().map(SeriesInfo::key).toList();
      List<TSDataType> types = series.stream().map(info -> info.spec().type()).toList();
      return from.of(new ScanRequest(keys, types, times, false, 0));
    }

    private DevicePoints stretch() throws StatusException {
      List<TsBlock> blocks = new ArrayList<>();
      int count = 0;
      TsBlock block = rows.next();
      while (block != null) {
        blocks.add(block);
        count += block.getPositionCount();
        block = count < STRETCH_ROWS ? rows.next() : null;
      }
      if (count == 0) {
        return null;
      }
      List<SealedFileWriter.Column> columns = new ArrayList<>();
      for (int i = 0; i < series.size(); i++) {
        columns.add(new SealedFileWriter.Column(series.get(i).spec(), points(blocks, i, count)));
      }
      return new DevicePoints(series.get(0).device(), series.get(0).aligned(), columns);
    }

    private PointBatch points(List<TsBlock> blocks, int column, int rowsMax) {
      TSDataType type = series.get(column).spec().type();
      long[] pointTimes = new long[rowsMax];
      Object values = PointBatch.newValues(type, rowsMax);
      int count = 0;
      for (TsBlock block : blocks) {
        Column from = block.getColumn(column);
        for (int row = 0; row < block.getPositionCount(); row++) {
          if (!from.isNull(row)) {
            pointTimes[count] = block.getTimeByIndex(row);
            set(values, count++, from, row);
          }
        }
      }
      return new PointBatch(type, pointTimes, values, count);
    }

    @Override
    public DevicePoints next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      DevicePoints result = next;
      next = null;
      return result;
    }

    @Override
    public void close() {
      if (rows != null) {
        rows.close();
        rows = null;
      }
    }
  }

  private static void set(Object values, int at, Column from, int row) {
    if (values instanceof double[] doubles) {
      doubles[at] = from.getDouble(row);
    } else if (values instanceof float[] floats) {
      floats[at] = from.getFloat(row);
    } else if (values instanceof long[] longs) {
      longs[at] = from.getLong(row);
    } else if (values instanceof int[] ints) {
      ints[at] = from.getInt(row);
    } else if (values instanceof boolean[] booleans) {
      booleans[at] = from.getBoolean(row);
    } else {
      ((Binary[]) values)[at] = from.getBinary(row);
    }
  }
}
