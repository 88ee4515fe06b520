package io.sluice.datanode.tsfile;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.TimeRange;

/** The pages of one chunk that hold points, by ascending time. Not thread-safe. */
public final class ChunkPages {
  private final SealedFileReader reader;
  private final ChunkSpan chunk;
  private final ChunkLayout layout;
  private final int[] filled;
  private ChunkLayout rowLayout;

  ChunkPages(SealedFileReader reader, ChunkSpan chunk, ChunkLayout layout) {
    this.reader = reader;
    this.chunk = chunk;
    this.layout = layout;
    int[] numbers = new int[layout.pages().size()];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (layout.pages().get(i).points() > 0) {
        numbers[count++] = i;
      }
    }
    this.filled = java.util.Arrays.copyOf(numbers, count);
  }

  public int count() {
    return filled.length;
  }

  /** Smallest and largest time stamp of a page. */
  public TimeRange times(int page) {
    ChunkLayout.Page found = layout.pages().get(filled[page]);
    return new TimeRange(found.firstTime(), found.lastTime());
  }

  /** How many points a page has. */
  public int points(int page) {
    return layout.pages().get(filled[page]).points();
  }

  /**
   * Decodes a page, or takes it from the cache.
   *
   * @throws StatusException when the file cannot be read or is damaged
   */
  public PointBatch read(int page) throws StatusException {
    if (chunk.rows() != null && rowLayout == null) {
      rowLayout = reader.layout(chunk.file(), chunk.rows());
    }
    return reader.page(chunk, layout, rowLayout, filled[page]);
  }
}
