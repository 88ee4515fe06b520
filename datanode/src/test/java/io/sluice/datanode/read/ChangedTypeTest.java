package io.sluice.datanode.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;

/** A series was dropped and made again with another type while its old points wait for a file. */
class ChangedTypeTest {
  private static final SeriesKey SERIES = new SeriesKey("root.db.d", "s");
  private static final long DROPPED_AT_INDEX = 7;
  private static final Binary TEXT = new Binary(new byte[] {'n', 'o', 'w'});

  private final FakeRegionView view = new FakeRegionView();

  ChangedTypeTest() {
    PointBatch before = new PointBatch(TSDataType.INT32, new long[] {1, 2}, new int[] {10, 20}, 2);
    Binary[] texts = {TEXT};
    PointBatch after = new PointBatch(TSDataType.TEXT, new long[] {1}, texts, 1);
    view.memory.add(new FakeRegionView.FakeMemory(DROPPED_AT_INDEX - 1, Map.of(SERIES, before)));
    view.memory.add(new FakeRegionView.FakeMemory(Long.MAX_VALUE, Map.of(SERIES, after)));
  }

  @Test
  void pointsOfTheOldTypeAreLeftOut() throws Exception {
    view.hidden.put(SERIES, List.of(new Hidden(TimeRange.ALL, DROPPED_AT_INDEX)));

    assertThat(scan()).containsExactly(List.of(1L, TEXT));
  }

  @Test
  void visiblePointsOfAnotherTypeAreRefused() {
    assertThatThrownBy(this::scan)
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("memory holds root.db.d.s as INT32, not TEXT");
  }

  private List<List<Object>> scan() throws StatusException {
    ScanRequest request =
        new ScanRequest(List.of(SERIES), List.of(TSDataType.TEXT), TimeRange.ALL, false, 0);
    try (SealedFileReader files = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
      MergingRegionReader reader = new MergingRegionReader(files, ReadOptions.DEFAULT);
      return MergingRegionReaderTest.rows(reader.scan(view, request), request);
    }
  }
}
