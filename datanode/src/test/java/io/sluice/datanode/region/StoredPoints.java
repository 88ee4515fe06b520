package io.sluice.datanode.region;

import io.sluice.common.path.PathPattern;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.MergingRegionReader;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/** A region's INT64 points as a query sees them, by {@code path time}. */
public final class StoredPoints implements AutoCloseable {
  private final SealedFileReader files;
  private final MergingRegionReader reader;

  public StoredPoints() {
    this(ReadCacheOptions.DEFAULT);
  }

  private StoredPoints(ReadCacheOptions options) {
    files = new SealedFileReader(options);
    reader = new MergingRegionReader(files, ReadOptions.DEFAULT);
  }

  /** Every point is read from its file each time. */
  public static StoredPoints uncached() {
    return new StoredPoints(new ReadCacheOptions(0, 0, 0, 100, true));
  }

  /** Told of files that are no more. */
  public SealedFileReader files() {
    return files;
  }

  public Map<String, Long> of(Supplier<RegionView> region) throws Exception {
    List<SeriesInfo> all;
    try (RegionView view = region.get()) {
      all = view.series(List.of(PathPattern.parse("root.**")));
    }
    Map<String, Long> points = new TreeMap<>();
    for (SeriesInfo series : all) {
      if (series.spec().type() != TSDataType.INT64) {
        continue;
      }
      try (RowBlocks rows = rows(region.get(), series)) {
        for (TsBlock block = rows.next(); block != null; block = rows.next()) {
          for (int i = 0; i < block.getPositionCount(); i++) {
            String name = series.key().path() + " " + block.getTimeByIndex(i);
            points.put(name, block.getColumn(0).getLong(i));
          }
        }
      }
    }
    return points;
  }

  /** Closing the rows closes the view. */
  public RowBlocks rows(RegionView view, SeriesInfo series) throws Exception {
    return reader.scan(
        view,
        new ScanRequest(
            List.of(series.key()), List.of(series.spec().type()), TimeRange.ALL, false, 0));
  }

  @Override
  public void close() {
    files.close();
  }
}
