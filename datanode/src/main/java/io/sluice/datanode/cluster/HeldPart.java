package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * A series that a pipe holds back, and how much of it.
 *
 * @param times first and last time stamp of what is held back; null when no point of it is left
 */
public record HeldPart(HeldSeries series, TimeRange times) {

  /** Of all of these; reads the first and the last row of each. */
  static List<HeldPart> of(List<HeldSeries> held, RegionView view, RegionReader reader)
      throws StatusException {
    List<HeldPart> parts = new ArrayList<>(held.size());
    for (HeldSeries one : held) {
      Optional<SeriesInfo> info = view.series(one.key());
      parts.add(new HeldPart(one, info.isEmpty() ? null : times(one, info.get(), view, reader)));
    }
    return parts;
  }

  private static TimeRange times(
      HeldSeries held, SeriesInfo info, RegionView view, RegionReader reader)
      throws StatusException {
    long beforeEnd = held.held() ? ViewPart.EVERYTHING : held.rejoinIndex();
    ViewPart part = ViewPart.ofRanges(view, held.sinceIndex(), beforeEnd);
    Long first = outermost(part, info, false, reader);
    return first == null ? null : new TimeRange(first, outermost(part, info, true, reader));
  }

  private static Long outermost(ViewPart part, SeriesInfo info, boolean last, RegionReader reader)
      throws StatusException {
    ScanRequest request =
        new ScanRequest(List.of(info.key()), List.of(info.spec().type()), TimeRange.ALL, last, 1);
    try (RowBlocks rows = reader.scan(part, request)) {
      TsBlock block = rows.next();
      return block == null ? null : (Long) block.getTimeByIndex(0);
    }
  }
}
