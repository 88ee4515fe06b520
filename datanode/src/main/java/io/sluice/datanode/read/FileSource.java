package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.tsfile.ChunkPages;
import io.sluice.datanode.tsfile.ChunkSpan;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.HiddenRanges;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * A sealed file's points of one series: first only the file's time range is known, then the
 * chunks', then the pages', then points. Holds one decoded page at a time.
 */
final class FileSource extends SeriesSource {
  private final SealedFileReader reader;
  private final FileKey file;
  private final SeriesKey series;
  private final TSDataType type;
  private final HiddenRanges hidden;
  private final TimeOrder order;

  /** Chunks still to come, in reading order; null until the file's index was read. */
  private List<ChunkSpan> chunks;

  private int nextChunk;
  private ChunkPages pages;

  /** How many of {@link #pages} were taken. */
  private int takenPages;

  FileSource(
      int rank,
      long bound,
      SealedFileReader reader,
      FileKey file,
      SeriesKey series,
      TSDataType type,
      HiddenRanges hidden,
      TimeOrder order) {
    super(rank, bound);
    this.reader = reader;
    this.file = file;
    this.series = series;
    this.type = type;
    this.hidden = hidden;
    this.order = order;
  }

  @Override
  boolean refine() throws StatusException {
    if (chunks == null) {
      chunks = visibleChunks(reader, file, series, hidden);
      if (order == TimeOrder.DESCENDING) {
        Collections.reverse(chunks);
      }
    } else if (pages == null) {
      ChunkSpan chunk = chunks.get(nextChunk++);
      PointTypes.check(series, type, chunk.type(), () -> "file " + file.path());
      pages = reader.pages(chunk);
      takenPages = 0;
    } else {
      PointBatch left = hidden.leaveOut(pages.read(page(takenPages++)));
      if (left.count() > 0) {
        provide(order.keyed(new PointBatch(type, left.times(), left.values(), left.count())));
        return true;
      }
    }
    return hasMore();
  }

  @Override
  boolean hasMore() {
    while (pages != null && takenPages < pages.count()) {
      TimeRange times = pages.times(page(takenPages));
      if (!hidden.cover(times)) {
        raiseBound(order.firstKey(times));
        return true;
      }
      takenPages++;
    }
    pages = null;
    if (nextChunk == chunks.size()) {
      return false;
    }
    raiseBound(order.firstKey(chunks.get(nextChunk).values().times()));
    return true;
  }

  private int page(int taken) {
    return order == TimeOrder.ASCENDING ? taken : pages.count() - 1 - taken;
  }

  /** Chunks of which at least some times are not hidden, by ascending time; modifiable. */
  static List<ChunkSpan> visibleChunks(
      SealedFileReader reader, FileKey file, SeriesKey series, HiddenRanges hidden)
      throws StatusException {
    List<ChunkSpan> visible = new ArrayList<>();
    for (ChunkSpan chunk : reader.chunks(file, series)) {
      if (!hidden.cover(chunk.values().times())) {
        visible.add(chunk);
      }
    }
    return visible;
  }
}
