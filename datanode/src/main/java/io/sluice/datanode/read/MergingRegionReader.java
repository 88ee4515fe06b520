package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * Reads regions through shared caches of their sealed files. A scan holds one decoded page per
 * series and overlapping source, never a whole series. Thread-safe; what it returns is not.
 */
public final class MergingRegionReader implements RegionReader {
  private final SealedFileReader files;
  private final ReadOptions options;

  /**
   * @param files stays the caller's to close
   */
  public MergingRegionReader(SealedFileReader files, ReadOptions options) {
    this.files = files;
    this.options = options;
  }

  @Override
  public RowBlocks scan(RegionView view, ScanRequest request) throws StatusException {
    try {
      TimeOrder order = TimeOrder.of(request.descending());
      RegionSources sources = new RegionSources(view, files, request.times());
      List<SeriesColumn> columns = new ArrayList<>();
      for (int i = 0; i < request.columns().size(); i++) {
        SeriesKey key = request.columns().get(i);
        TSDataType type = request.types().get(i);
        columns.add(new SeriesColumn(sources.merged(key, type, request.times(), order), i));
      }
      RowMerge rows = new RowMerge(order, request.types(), columns, options);
      return new ScannedRows(view, rows, request.limitRows());
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  @Override
  public long[] count(RegionView view, ScanRequest request) throws StatusException {
    RegionSources sources = new RegionSources(view, files, request.times());
    long[] counts = new long[request.columns().size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] =
          new SeriesCount(sources, files, request.columns().get(i), request.types().get(i))
              .within(request.times());
    }
    return counts;
  }

  private static final class ScannedRows implements RowBlocks {
    private final RegionView view;
    private final RowMerge rows;
    private long left;
    private boolean closed;

    ScannedRows(RegionView view, RowMerge rows, long limitRows) {
      this.view = view;
      this.rows = rows;
      this.left = limitRows == 0 ? Long.MAX_VALUE : limitRows;
    }

    @Override
    public TsBlock next() throws StatusException {
      if (closed) {
        throw new IllegalStateException("these rows are closed");
      }
      if (left == 0) {
        return null;
      }
      TsBlock block = rows.next(left);
      left = block == null ? 0 : left - block.getPositionCount();
      return block;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        view.close();
      }
    }
  }
}
