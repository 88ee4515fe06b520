package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.IDeviceID;
import org.apache.tsfile.file.metadata.statistics.Statistics;

/** Cuts one device of a file into another. Used once. */
final class DeviceCut {
  private final OpenTsFile in;
  private final NewTsFile out;
  private final IDeviceID id;
  private final Function<String, HiddenRanges> hiddenOf;
  private final PlainChunks plainChunks;
  private final AlignedChunks alignedChunks;
  private boolean groupOpen;

  DeviceCut(
      OpenTsFile in,
      NewTsFile out,
      IDeviceID id,
      Function<String, HiddenRanges> hiddenOf,
      SealOptions options) {
    this.in = in;
    this.out = out;
    this.id = id;
    this.hiddenOf = hiddenOf;
    this.plainChunks = new PlainChunks(options);
    this.alignedChunks = new AlignedChunks(options);
  }

  void run() throws IOException {
    DeviceIndex index = DeviceIndex.read(in, id);
    if (index.aligned()) {
      cutAligned(index);
    } else {
      for (DeviceIndex.Series series : index.series()) {
        cutPlain(series);
      }
    }
    if (groupOpen) {
      out.writer().endChunkGroup();
    }
  }

  /** A group without chunks would be left behind as a header that belongs to nothing. */
  private void openGroup() throws IOException {
    if (!groupOpen) {
      out.writer().startChunkGroup(id);
      groupOpen = true;
    }
  }

  private void cutPlain(DeviceIndex.Series series) throws IOException {
    HiddenRanges hidden = hiddenOf.apply(series.measurement());
    for (IChunkMetadata chunk : series.chunks()) {
      TimeRange times = timesOf(chunk);
      if (hidden.cover(times)) {
        continue;
      }
      if (!hidden.touch(times)) {
        openGroup();
        copy(chunk);
        count(chunk);
        continue;
      }
      ChunkLayout layout = ChunkLayout.read(in, ChunkFacts.of(chunk));
      PointBatch left = ChunkPoints.read(in, layout, null, hidden);
      if (left.count() > 0) {
        openGroup();
        plainChunks.write(out, ChunkCutter.specOf(in, series), left);
      }
    }
  }

  private void cutAligned(DeviceIndex index) throws IOException {
    List<Column> columns = new ArrayList<>();
    for (DeviceIndex.Series series : index.series()) {
      Map<Integer, IChunkMetadata> byRound = new HashMap<>();
      for (IChunkMetadata chunk : series.chunks()) {
        byRound.put(index.roundOf(in, chunk), chunk);
      }
      if (!byRound.isEmpty()) {
        SeriesSpec spec = ChunkCutter.specOf(in, series);
        columns.add(new Column(spec, hiddenOf.apply(series.measurement()), byRound));
      }
    }
    List<Column> left = columns.stream().filter(Column::keepsAny).toList();
    for (int round = 0; round < index.times().size(); round++) {
      int number = round;
      if (left.stream().noneMatch(column -> column.keeps(number))) {
        continue;
      }
      // A column that is left out may leave rows behind that have no value at all: look at all.
      if (columns.stream().anyMatch(column -> column.touched(number))) {
        rewriteRound(index.times().get(round), round, left);
      } else {
        copyRound(index.times().get(round), round, left);
      }
    }
  }

  private record Column(
      SeriesSpec spec, HiddenRanges hidden, Map<Integer, IChunkMetadata> chunkByRound) {
    boolean keepsAny() {
      return chunkByRound.keySet().stream().anyMatch(this::keeps);
    }

    boolean keeps(int round) {
      IChunkMetadata chunk = chunkByRound.get(round);
      return chunk != null && !hidden.cover(timesOf(chunk));
    }

    boolean touched(int round) {
      IChunkMetadata chunk = chunkByRound.get(round);
      return chunk != null && hidden.touch(timesOf(chunk));
    }
  }

  private void copyRound(IChunkMetadata times, int round, List<Column> columns) throws IOException {
    openGroup();
    copy(times);
    for (Column column : columns) {
      IChunkMetadata chunk = column.chunkByRound().get(round);
      if (chunk != null) {
        copy(chunk);
        count(chunk);
      } else {
        SeriesSpec spec = column.spec();
        out.writer()
            .writeEmptyValueChunk(
                spec.measurement(),
                spec.compression(),
                spec.type(),
                spec.encoding(),
                Statistics.getStatsByType(spec.type()));
      }
    }
  }

  private void rewriteRound(IChunkMetadata times, int round, List<Column> columns)
      throws IOException {
    List<long[]> rows = ChunkPoints.rows(in, ChunkLayout.read(in, ChunkFacts.of(times)));
    List<SealedFileWriter.Column> rewritten = new ArrayList<>();
    boolean any = false;
    for (Column column : columns) {
      PointBatch left = none(column.spec().type());
      if (column.keeps(round)) {
        IChunkMetadata chunk = column.chunkByRound().get(round);
        ChunkLayout layout = ChunkLayout.read(in, ChunkFacts.of(chunk));
        left = ChunkPoints.read(in, layout, rows, column.hidden());
      }
      any |= left.count() > 0;
      rewritten.add(new SealedFileWriter.Column(column.spec(), left));
    }
    if (any) {
      openGroup();
      alignedChunks.write(out, rewritten);
    }
  }

  private static PointBatch none(TSDataType type) {
    return new PointBatch(type, new long[0], PointBatch.newValues(type, 0), 0);
  }

  private void copy(IChunkMetadata chunk) throws IOException {
    ChunkLayout layout = ChunkLayout.readHeader(in, chunk.getOffsetOfChunkHeader());
    out.copyChunk(
        layout.header(),
        chunk.getStatistics(),
        in.read(layout.bodyOffset(), layout.header().getDataSize()));
  }

  private void count(IChunkMetadata chunk) {
    out.count(chunk.getStartTime(), chunk.getEndTime(), chunk.getStatistics().getCount());
  }

  private static TimeRange timesOf(IChunkMetadata chunk) {
    return new TimeRange(chunk.getStartTime(), chunk.getEndTime());
  }
}
