package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;

/**
 * Sealed files of INT64 points that a test can read back without a TsFile reader; of others only
 * the times.
 */
final class PointsFileWriter implements SealedFileWriter {
  @Override
  public Facts write(Path target, Iterator<DevicePoints> devices) throws IOException {
    TimeRange times = null;
    long points = 0;
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
      while (devices.hasNext()) {
        for (Column column : devices.next().columns()) {
          long[] longs = column.points().values() instanceof long[] all ? all : null;
          for (int i = 0; i < column.points().count(); i++) {
            out.writeLong(column.points().times()[i]);
            out.writeLong(longs == null ? 0 : longs[i]);
          }
          TimeRange range = column.points().range();
          times = times == null ? range : times.span(range);
          points += column.points().count();
        }
      }
    }
    DurableFiles.sync(target);
    DurableFiles.syncFolder(target.getParent());
    return new Facts(Files.size(target), DurableFiles.crc32c(target), times, points);
  }

  /** Adds a file's points to {@code into}. */
  static void read(Path file, Map<Long, Long> into) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (long left = Files.size(file); left > 0; left -= 16) {
        long time = in.readLong();
        into.put(time, in.readLong());
      }
    }
  }
}
