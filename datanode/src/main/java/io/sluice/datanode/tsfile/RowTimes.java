package io.sluice.datanode.tsfile;

import io.sluice.common.collect.LastUsed;
import java.io.IOException;
import java.util.Map;
import org.apache.tsfile.file.metadata.IChunkMetadata;

/**
 * Time stamps of an aligned device's rows in one file, page by page. The columns of a device ask
 * for the same pages one after another: the last ones are kept. Not thread-safe.
 */
final class RowTimes {
  private static final int PAGES_KEPT = 16;

  private final OpenTsFile file;
  private final DeviceIndex index;
  private final Map<Integer, ChunkLayout> layouts = new LastUsed<>(PAGES_KEPT);
  private final Map<PageOfRound, long[]> pages = new LastUsed<>(PAGES_KEPT);

  private record PageOfRound(int round, int page) {}

  RowTimes(OpenTsFile file, DeviceIndex index) {
    this.file = file;
    this.index = index;
  }

  int roundOf(IChunkMetadata values) throws DamagedFileException {
    return index.roundOf(file, values);
  }

  /**
   * @param pagesOfValues how many pages the value chunk has, which must be as many as the times
   */
  long[] page(int round, int page, int pagesOfValues) throws IOException {
    ChunkLayout layout = layouts.get(round);
    if (layout == null) {
      layout = ChunkLayout.read(file, ChunkFacts.of(index.times().get(round)));
      layouts.put(round, layout);
    }
    if (layout.pages().size() != pagesOfValues) {
      throw new DamagedFileException(
          file.path(),
          pagesOfValues + " pages of values for " + layout.pages().size() + " of times");
    }
    PageOfRound key = new PageOfRound(round, page);
    long[] times = pages.get(key);
    if (times == null) {
      times = PageDecoder.times(file, layout.header(), layout.pages().get(page));
      pages.put(key, times);
    }
    return times;
  }
}
