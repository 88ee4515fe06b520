package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.RegionView;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;

/** A reader whose every column holds the row's time, in {@code blocks} blocks of equal size. */
final class FakeReader implements RegionReader {
  final AtomicInteger open = new AtomicInteger();
  volatile int blocks = 3;
  volatile int rowsPerBlock = 4;

  /** Block before which reading fails, -1 for never. */
  volatile int failsAt = -1;

  volatile ScanRequest last;

  @Override
  public RowBlocks scan(RegionView view, ScanRequest request) {
    last = request;
    open.incrementAndGet();
    return new RowBlocks() {
      private int next;
      private boolean closed;

      @Override
      public TsBlock next() throws StatusException {
        if (next == failsAt) {
          throw new StatusException(StatusCode.INTERNAL_ERROR, "damaged on purpose");
        }
        return next < blocks ? block(next++, request) : null;
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open.decrementAndGet();
          view.close();
        }
      }
    };
  }

  private TsBlock block(int number, ScanRequest request) {
    TsBlockBuilder builder = new TsBlockBuilder(request.types());
    for (int row = 0; row < rowsPerBlock; row++) {
      long time = (long) number * rowsPerBlock + row;
      builder.getTimeColumnBuilder().writeLong(time);
      for (int column = 0; column < request.types().size(); column++) {
        if (request.types().get(column) == TSDataType.INT64) {
          builder.getColumnBuilder(column).writeLong(time);
        } else {
          builder.getColumnBuilder(column).appendNull();
        }
      }
      builder.declarePosition();
    }
    return builder.build();
  }

  @Override
  public long[] count(RegionView view, ScanRequest request) {
    last = request;
    long[] counts = new long[request.columns().size()];
    java.util.Arrays.fill(counts, (long) blocks * rowsPerBlock);
    return counts;
  }
}
