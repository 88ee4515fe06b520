package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Writes the points of a sealed memtable as one TsFile and makes it durable. */
public interface SealedFileWriter {
  /**
   * Writes {@code devices}, in ascending device order, to {@code target}, which must not exist; on
   * return the file and its folder entry are fsynced.
   *
   * @return what the manifest must know of the file
   * @throws IOException when it could not be written whole; nothing is left at {@code target}
   */
  Facts write(Path target, Iterator<DevicePoints> devices) throws IOException;

  /**
   * Columns in ascending measurement order; those of an aligned device may have different time
   * stamps.
   */
  record DevicePoints(String device, boolean aligned, List<Column> columns) {}

  record Column(SeriesSpec spec, PointBatch points) {}

  /**
   * @param crc32c checksum of the whole file
   * @param points how many points it holds
   */
  record Facts(long lengthBytes, int crc32c, TimeRange times, long points) {}
}
