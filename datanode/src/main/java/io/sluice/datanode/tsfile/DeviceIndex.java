package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.IDeviceID;
import org.apache.tsfile.file.metadata.TimeseriesMetadata;

/**
 * What a file's index says of one device.
 *
 * @param times the time chunks of an aligned device by offset; empty for another device
 * @param series by ascending measurement
 */
record DeviceIndex(List<IChunkMetadata> times, List<Series> series) {
  /** Chunks that hold points, by ascending time. */
  record Series(String measurement, TSDataType type, List<IChunkMetadata> chunks) {}

  static final DeviceIndex NONE = new DeviceIndex(List.of(), List.of());

  boolean aligned() {
    return !times.isEmpty();
  }

  static DeviceIndex read(OpenTsFile file, IDeviceID device) throws IOException {
    List<IChunkMetadata> times = List.of();
    List<Series> series = new ArrayList<>();
    for (TimeseriesMetadata entry : file.series(device)) {
      List<IChunkMetadata> chunks = entry.getChunkMetadataList();
      if (entry.getTsDataType() == TSDataType.VECTOR) {
        times = ordered(file, chunks);
        continue;
      }
      List<IChunkMetadata> filled = new ArrayList<>(chunks);
      filled.removeIf(chunk -> chunk.getStatistics().getCount() == 0);
      series.add(
          new Series(entry.getMeasurementId(), entry.getTsDataType(), ordered(file, filled)));
    }
    return new DeviceIndex(times, series);
  }

  /** The round a value chunk belongs to: the last time chunk before it. */
  int roundOf(OpenTsFile file, IChunkMetadata chunk) throws DamagedFileException {
    int round = -1;
    while (round + 1 < times.size()
        && times.get(round + 1).getOffsetOfChunkHeader() < chunk.getOffsetOfChunkHeader()) {
      round++;
    }
    if (round < 0) {
      throw new DamagedFileException(
          file.path(), "no times for the values at " + chunk.getOffsetOfChunkHeader());
    }
    return round;
  }

  private static List<IChunkMetadata> ordered(OpenTsFile file, List<IChunkMetadata> chunks)
      throws DamagedFileException {
    for (int i = 0; i < chunks.size(); i++) {
      IChunkMetadata chunk = chunks.get(i);
      if (chunk.getStartTime() > chunk.getEndTime()
          || (i > 0 && chunks.get(i - 1).getEndTime() >= chunk.getStartTime())) {
        throw new DamagedFileException(
            file.path(),
            "the chunk at " + chunk.getOffsetOfChunkHeader() + " is not later than the one before");
      }
    }
    return List.copyOf(chunks);
  }
}
