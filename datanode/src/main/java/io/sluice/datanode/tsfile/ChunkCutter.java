package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.tsfile.file.header.ChunkHeader;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.IDeviceID;

/**
 * Cuts TsFiles chunk by chunk. Holds one chunk of a plain device, or one round of an aligned one,
 * in memory at a time. Thread-safe: it has no state.
 */
public final class ChunkCutter implements TsFileCutter {
  private final SealOptions options;

  /**
   * @param options how rewritten chunks are divided
   */
  public ChunkCutter(SealOptions options) {
    this.options = options;
  }

  @Override
  public Optional<SealedFileWriter.Facts> cut(
      Path source,
      Path target,
      Predicate<String> keepDevice,
      long firstTime,
      Function<SeriesKey, List<TimeRange>> hidden)
      throws IOException {
    TimeRange kept = new TimeRange(firstTime, Long.MAX_VALUE);
    try (OpenTsFile in = OpenTsFile.open(source);
        NewTsFile out = new NewTsFile(target)) {
      for (IDeviceID id : in.devices()) {
        String device = DeviceIds.pathOf(id);
        if (keepDevice.test(device)) {
          Function<String, HiddenRanges> hiddenOf =
              measurement ->
                  HiddenRanges.of(hidden.apply(new SeriesKey(device, measurement))).butOnly(kept);
          new DeviceCut(in, out, id, hiddenOf, options).run();
        }
      }
      return out.points() == 0 ? Optional.empty() : Optional.of(out.commit());
    }
  }

  @Override
  public Contents contents(Path file) throws IOException {
    List<SeriesInfo> found = new ArrayList<>();
    TimeRange times = new TimeRange(Long.MAX_VALUE, Long.MIN_VALUE);
    try (OpenTsFile in = OpenTsFile.open(file)) {
      for (IDeviceID id : in.devices()) {
        DeviceIndex index = DeviceIndex.read(in, id);
        for (DeviceIndex.Series series : index.series()) {
          // A column whose points were all cut out is there by name only.
          if (!series.chunks().isEmpty()) {
            found.add(new SeriesInfo(DeviceIds.pathOf(id), index.aligned(), specOf(in, series)));
            times = times.span(timesOf(series));
          }
        }
      }
    }
    found.sort(Comparator.comparing(SeriesInfo::key));
    return new Contents(found, times);
  }

  /** Chunks come by ascending time. */
  private static TimeRange timesOf(DeviceIndex.Series series) {
    List<IChunkMetadata> chunks = series.chunks();
    return new TimeRange(chunks.get(0).getStartTime(), chunks.get(chunks.size() - 1).getEndTime());
  }

  /** Type, encoding and compression, from the header of the series' first chunk. */
  static SeriesSpec specOf(OpenTsFile file, DeviceIndex.Series series) throws IOException {
    long offset = series.chunks().get(0).getOffsetOfChunkHeader();
    ChunkHeader header = ChunkLayout.readHeader(file, offset).header();
    return new SeriesSpec(
        series.measurement(), series.type(), header.getEncodingType(), header.getCompressionType());
  }
}
