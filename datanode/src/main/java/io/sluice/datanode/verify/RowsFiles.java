package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.Resend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes TsFiles of rows that are to be sent outside the order of the log. Thread-safe. */
public interface RowsFiles {
  /**
   * @param without series that are left out
   * @return empty when there are no rows
   */
  Optional<Written> write(RegionAccess region, List<Resend.Part> parts, Set<SeriesKey> without)
      throws IOException, StatusException;

  /** Removed from the disk when it is closed. */
  record Written(Path path, long lengthBytes, int crc32c) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(path);
    }
  }
}
