package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/** Whole chunks, decoded. */
final class ChunkPoints {
  private ChunkPoints() {}

  /** Time stamps of a time chunk's rows, page by page. */
  static List<long[]> rows(OpenTsFile file, ChunkLayout times) throws IOException {
    List<long[]> rows = new ArrayList<>();
    for (ChunkLayout.Page page : times.pages()) {
      rows.add(PageDecoder.times(file, times.header(), page));
    }
    return rows;
  }

  /**
   * A chunk's points without the hidden ones.
   *
   * @param rows of the time chunk a value chunk belongs to; null for a plain chunk
   */
  static PointBatch read(OpenTsFile file, ChunkLayout chunk, List<long[]> rows, HiddenRanges hidden)
      throws IOException {
    if (rows != null && rows.size() != chunk.pages().size()) {
      throw new DamagedFileException(
          file.path(),
          chunk.pages().size()
              + " pages of values for "
              + rows.size()
              + " of times, before "
              + chunk.bodyOffset());
    }
    TSDataType type = chunk.header().getDataType();
    int sum = chunk.pages().stream().mapToInt(ChunkLayout.Page::points).sum();
    long[] times = new long[sum];
    Object values = PointBatch.newValues(type, sum);
    int count = 0;
    for (int i = 0; i < chunk.pages().size(); i++) {
      ChunkLayout.Page page = chunk.pages().get(i);
      if (page.points() == 0 || hidden.cover(new TimeRange(page.firstTime(), page.lastTime()))) {
        continue;
      }
      PointBatch points =
          rows == null
              ? PageDecoder.points(file, chunk.header(), page)
              : PageDecoder.points(file, chunk.header(), page, rows.get(i));
      PointBatch left = hidden.leaveOut(points);
      System.arraycopy(left.times(), 0, times, count, left.count());
      System.arraycopy(left.values(), 0, values, count, left.count());
      count += left.count();
    }
    return count == sum
        ? new PointBatch(type, times, values, count)
        : new PointBatch(type, Arrays.copyOf(times, count), values, count);
  }
}
