package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Copies parts of a TsFile: whole chunks as they are, still compressed; chunks at an edge are
 * decoded and rewritten.
 */
public interface TsFileCutter {
  /**
   * Writes what {@code source} holds of the devices {@code keepDevice} accepts, from {@code
   * firstTime} (inclusive) on, without the points in {@code hidden}. The result is fsynced.
   *
   * @param hidden ranges to leave out of a series; empty for none
   * @return empty, and no file, when nothing is left
   */
  Optional<SealedFileWriter.Facts> cut(
      Path source,
      Path target,
      Predicate<String> keepDevice,
      long firstTime,
      Function<SeriesKey, List<TimeRange>> hidden)
      throws IOException;

  /** What the file holds, from its index. */
  Contents contents(Path file) throws IOException;

  /** Every series the file holds with type, encoding, compression and alignment, by key. */
  default List<SeriesInfo> series(Path file) throws IOException {
    return contents(file).series();
  }

  /**
   * @param series with type, encoding, compression and alignment, by key
   * @param times smallest and largest time stamp; an empty range without points
   */
  record Contents(List<SeriesInfo> series, TimeRange times) {
    public Contents {
      series = List.copyOf(series);
    }
  }
}
