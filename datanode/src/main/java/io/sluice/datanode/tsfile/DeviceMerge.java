package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.IDeviceID;

/**
 * Merges one device of several files into others. A plain device goes series by series; an aligned
 * one in stretches of time over all its columns, since its rounds hold every column. Used once.
 */
final class DeviceMerge {
  /** A stretch of a wide device has fewer rows per column, so that all together stay in memory. */
  private static final int STRETCH_POINTS_MAX = 1 << 20;

  private static final int COLUMN_POINTS_MIN = 256;

  private final String device;
  private final IDeviceID id;
  private final List<Source> sources;
  private final List<NewTsFile> targets;
  private final Function<SeriesKey, Optional<SeriesInfo>> schema;
  private final SealOptions options;
  private final Check check;
  private final boolean[] groupOpen;

  /**
   * A file that holds the device.
   *
   * @param target number of the file that gets what this one wins
   */
  record Source(OpenTsFile file, Function<SeriesKey, List<TimeRange>> hidden, int target) {}

  /** Throws when the merge is called off. */
  interface Check {
    void run() throws IOException;
  }

  /** A series with what is left of it, by rank of the source. */
  private record Column(SeriesSpec spec, SeriesMerge merge, boolean[] inTarget) {}

  DeviceMerge(
      IDeviceID id,
      List<Source> sources,
      List<NewTsFile> targets,
      Function<SeriesKey, Optional<SeriesInfo>> schema,
      SealOptions options,
      Check check) {
    this.id = id;
    this.device = DeviceIds.pathOf(id);
    this.sources = sources;
    this.targets = targets;
    this.schema = schema;
    this.options = options;
    this.check = check;
    this.groupOpen = new boolean[targets.size()];
  }

  void run() throws IOException {
    Map<String, List<SeriesCursor>> cursors = new TreeMap<>();
    Map<String, SeriesSpec> newest = new TreeMap<>();
    Boolean aligned = null;
    for (int rank = 0; rank < sources.size(); rank++) {
      Source source = sources.get(rank);
      DeviceIndex index = DeviceIndex.read(source.file(), id);
      RowTimes rows = index.aligned() ? new RowTimes(source.file(), index) : null;
      for (DeviceIndex.Series series : index.series()) {
        SeriesKey key = new SeriesKey(device, series.measurement());
        HiddenRanges hidden = HiddenRanges.of(source.hidden().apply(key));
        List<IChunkMetadata> visible =
            series.chunks().stream().filter(chunk -> !hidden.cover(timesOf(chunk))).toList();
        if (visible.isEmpty()) {
          continue;
        }
        if (aligned != null && aligned != index.aligned()) {
          throw new DamagedFileException(
              source.file().path(), device + " is aligned in some files and not in others");
        }
        aligned = index.aligned();
        cursors
            .computeIfAbsent(series.measurement(), first -> new ArrayList<>())
            .add(new SeriesCursor(rank, source.file(), rows, visible, hidden));
        newest.put(series.measurement(), ChunkCutter.specOf(source.file(), series));
      }
    }
    List<Column> columns = new ArrayList<>();
    for (Map.Entry<String, List<SeriesCursor>> series : cursors.entrySet()) {
      columns.add(column(newest.get(series.getKey()), series.getValue()));
    }
    if (Boolean.TRUE.equals(aligned)) {
      mergeAligned(columns);
    } else {
      for (Column column : columns) {
        mergePlain(column);
      }
    }
    for (int target = 0; target < groupOpen.length; target++) {
      if (groupOpen[target]) {
        targets.get(target).writer().endChunkGroup();
      }
    }
  }

  private Column column(SeriesSpec newest, List<SeriesCursor> cursors) throws IOException {
    int[] targetOfRank = sources.stream().mapToInt(Source::target).toArray();
    boolean[] inTarget = new boolean[targets.size()];
    for (SeriesCursor cursor : cursors) {
      inTarget[targetOfRank[cursor.rank()]] = true;
      if (cursor.type() != newest.type()) {
        throw new DamagedFileException(
            sources.get(cursor.rank()).file().path(),
            device
                + "."
                + newest.measurement()
                + " is "
                + cursor.type()
                + ", not "
                + newest.type());
      }
    }
    // A chunk names its own encoding, which need not be the one its series asks for.
    SeriesSpec spec =
        schema
            .apply(new SeriesKey(device, newest.measurement()))
            .map(SeriesInfo::spec)
            .filter(wanted -> wanted.type() == newest.type())
            .orElse(newest);
    return new Column(spec, new SeriesMerge(spec.type(), cursors, targetOfRank), inTarget);
  }

  private void mergePlain(Column column) throws IOException {
    PlainChunks chunks = new PlainChunks(options);
    SeriesMerge merge = column.merge();
    while (merge.fill(options.chunkPointsMax(), options.chunkBytesMax())) {
      check.run();
      MergedPoints points = merge.points();
      for (int target = 0; target < targets.size(); target++) {
        PointBatch batch = points.of(target, points.count());
        if (batch.count() > 0) {
          openGroup(target);
          chunks.write(targets.get(target), column.spec(), batch);
        }
      }
      points.drop(points.count());
    }
  }

  private void mergeAligned(List<Column> columns) throws IOException {
    AlignedChunks chunks = new AlignedChunks(options);
    int pointsMax =
        Math.max(
            COLUMN_POINTS_MIN,
            Math.min(options.chunkPointsMax(), STRETCH_POINTS_MAX / columns.size()));
    while (true) {
      boolean any = false;
      long upTo = Long.MAX_VALUE;
      for (Column column : columns) {
        any |= column.merge().fill(pointsMax, options.chunkBytesMax());
        if (column.merge().more()) {
          upTo = Math.min(upTo, column.merge().points().lastTime());
        }
      }
      if (!any) {
        return;
      }
      check.run();
      for (int target = 0; target < targets.size(); target++) {
        writeStretch(chunks, columns, target, upTo);
      }
      for (Column column : columns) {
        MergedPoints points = column.merge().points();
        points.drop(points.positionAfter(upTo));
      }
    }
  }

  private void writeStretch(AlignedChunks chunks, List<Column> columns, int target, long upTo)
      throws IOException {
    List<SealedFileWriter.Column> stretch = new ArrayList<>();
    boolean any = false;
    for (Column column : columns) {
      if (column.inTarget()[target]) {
        MergedPoints points = column.merge().points();
        PointBatch batch = points.of(target, points.positionAfter(upTo));
        any |= batch.count() > 0;
        stretch.add(new SealedFileWriter.Column(column.spec(), batch));
      }
    }
    if (any) {
      openGroup(target);
      chunks.write(targets.get(target), stretch);
    }
  }

  /** A group without chunks would be left behind as a header that belongs to nothing. */
  private void openGroup(int target) throws IOException {
    if (!groupOpen[target]) {
      targets.get(target).writer().startChunkGroup(id);
      groupOpen[target] = true;
    }
  }

  private static TimeRange timesOf(IChunkMetadata chunk) {
    return new TimeRange(chunk.getStartTime(), chunk.getEndTime());
  }
}
