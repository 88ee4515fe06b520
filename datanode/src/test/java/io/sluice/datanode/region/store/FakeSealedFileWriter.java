package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** Writes a text per column: enough to see what was sealed. Fails as often as it is told to. */
public final class FakeSealedFileWriter implements SealedFileWriter {
  private volatile int failures;

  public void failNext(int times) {
    failures = times;
  }

  @Override
  public Facts write(Path target, Iterator<DevicePoints> devices) throws IOException {
    if (failures > 0) {
      failures--;
      throw new IOException("disk full, said the test");
    }
    StringBuilder text = new StringBuilder();
    TimeRange times = null;
    long points = 0;
    while (devices.hasNext()) {
      DevicePoints device = devices.next();
      for (Column column : device.columns()) {
        text.append(device.device())
            .append('.')
            .append(column.spec().measurement())
            .append(' ')
            .append(column.points().count())
            .append('\n');
        TimeRange range = column.points().range();
        times = times == null ? range : times.span(range);
        points += column.points().count();
      }
    }
    Files.writeString(target, text);
    return new Facts(Files.size(target), DurableFiles.crc32c(target), times, points);
  }
}
