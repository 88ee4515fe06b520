package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

/**
 * Writes sealed files. Holds one device's encoded column in memory at a time. Thread-safe: it has
 * no state.
 */
public final class TsFileSealer implements SealedFileWriter {
  private final PlainChunks plain;
  private final AlignedChunks aligned;

  public TsFileSealer(SealOptions options) {
    plain = new PlainChunks(options);
    aligned = new AlignedChunks(options);
  }

  @Override
  public Facts write(Path target, Iterator<DevicePoints> devices) throws IOException {
    try (NewTsFile file = new NewTsFile(target)) {
      while (devices.hasNext()) {
        writeDevice(file, devices.next());
      }
      return file.commit();
    }
  }

  private void writeDevice(NewTsFile file, DevicePoints device) throws IOException {
    if (device.columns().stream().allMatch(column -> column.points().count() == 0)) {
      return;
    }
    file.writer().startChunkGroup(DeviceIds.of(device.device()));
    if (device.aligned()) {
      aligned.write(file, device.columns());
    } else {
      for (Column column : device.columns()) {
        if (column.points().count() > 0) {
          plain.write(file, column.spec(), column.points());
        }
      }
    }
    file.writer().endChunkGroup();
  }
}
