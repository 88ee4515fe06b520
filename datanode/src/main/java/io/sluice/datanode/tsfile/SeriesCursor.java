package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IChunkMetadata;

/**
 * One series in one file from its first visible point to its last. It always knows a time that no
 * point it still has is before, and decodes a page only when a merge gets there. Not thread-safe.
 */
final class SeriesCursor {
  private final int rank;
  private final OpenTsFile file;
  private final RowTimes rows;
  private final List<IChunkMetadata> chunks;
  private final HiddenRanges hidden;
  private int nextChunk;

  /** Of the chunk being read, null between chunks. */
  private ChunkLayout layout;

  private int round;
  private int nextPage;

  /** The page being read, null before it is decoded. */
  private PointBatch points;

  private int at;
  private long bound;

  /**
   * @param rank of two points at one time the one of the higher rank wins
   * @param rows null unless the device is aligned
   * @param chunks by ascending time, at least one, none hidden whole
   */
  SeriesCursor(
      int rank, OpenTsFile file, RowTimes rows, List<IChunkMetadata> chunks, HiddenRanges hidden) {
    this.rank = rank;
    this.file = file;
    this.rows = rows;
    this.chunks = chunks;
    this.hidden = hidden;
    this.bound = chunks.get(0).getStartTime();
  }

  int rank() {
    return rank;
  }

  TSDataType type() {
    return chunks.get(0).getDataType();
  }

  /** No point that is left is before it; the next point's time once {@link #ready}. */
  long bound() {
    return bound;
  }

  boolean ready() {
    return points != null;
  }

  /** The page the next point is in; only when {@link #ready}. */
  PointBatch points() {
    return points;
  }

  /** The next point's position in {@link #points}. */
  int at() {
    return at;
  }

  /** Comes one step closer to a point; false when none is left. */
  boolean refine() throws IOException {
    if (layout == null) {
      IChunkMetadata chunk = chunks.get(nextChunk++);
      layout = ChunkLayout.read(file, ChunkFacts.of(chunk));
      round = rows == null ? 0 : rows.roundOf(chunk);
      nextPage = 0;
    } else {
      PointBatch left = hidden.leaveOut(decode(nextPage++));
      if (left.count() > 0) {
        points = left;
        at = 0;
        bound = left.times()[0];
        return true;
      }
    }
    return seek();
  }

  private PointBatch decode(int number) throws IOException {
    ChunkLayout.Page page = layout.pages().get(number);
    return rows == null
        ? PageDecoder.points(file, layout.header(), page)
        : PageDecoder.points(
            file, layout.header(), page, rows.page(round, number, layout.pages().size()));
  }

  /** Goes on behind the points before {@code position}; false when none is left. */
  boolean skipTo(int position) {
    if (position < points.count()) {
      at = position;
      bound = points.times()[position];
      return true;
    }
    points = null;
    return seek();
  }

  private boolean seek() {
    while (layout != null && nextPage < layout.pages().size()) {
      ChunkLayout.Page page = layout.pages().get(nextPage);
      if (page.points() > 0 && !hidden.cover(new TimeRange(page.firstTime(), page.lastTime()))) {
        bound = Math.max(bound, page.firstTime());
        return true;
      }
      nextPage++;
    }
    layout = null;
    if (nextChunk == chunks.size()) {
      return false;
    }
    bound = Math.max(bound, chunks.get(nextChunk).getStartTime());
    return true;
  }
}
