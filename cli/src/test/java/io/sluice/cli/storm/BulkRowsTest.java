package io.sluice.cli.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tsfile.write.record.Tablet;
import org.junit.jupiter.api.Test;

class BulkRowsTest {
  private static final BulkRows BULK = BulkRows.of("root.bulk", 7, 95_000);

  /** What a store holds in which the last write wins. */
  private static TreeMap<Long, Map<String, Object>> stored(int device) {
    TreeMap<Long, Map<String, Object>> rows = new TreeMap<>();
    for (Tablet tablet : BULK.inWritingOrder(device)) {
      for (int row = 0; row < BulkRows.TABLET_ROWS; row++) {
        Map<String, Object> values = new HashMap<>();
        for (int m = 0; m < BulkRows.MEASUREMENTS; m++) {
          Object value = tablet.getValue(row, m);
          boolean plain = value instanceof Number || value instanceof Boolean;
          values.put("m" + m, plain ? value : value.toString());
        }
        rows.put(tablet.getTimestamp(row), values);
      }
    }
    return rows;
  }

  private static FakeRows found(Map<Long, Map<String, Object>> rows) {
    FakeRows found = new FakeRows();
    rows.forEach(found::add);
    return found;
  }

  @Test
  void whatIsWrittenIsWhatIsExpected() throws Exception {
    assertThat(BULK.points()).isEqualTo(100_000);
    assertThat(BULK.inWritingOrder(0)).as("two of ten are written twice").hasSize(12);
    assertThat(stored(0)).hasSize(BULK.rowsPerDevice());
    assertThat(BULK.differences(0, found(stored(0)))).isEmpty();
  }

  @Test
  void anOddNumberOfTabletsIsWrittenWhole() throws Exception {
    BulkRows odd = BulkRows.of("root.bulk", 7, 50_000);
    assertThat(odd.inWritingOrder(0)).hasSize(6);
    assertThat(odd.inWritingOrder(0).stream().map(tablet -> tablet.getTimestamp(0)).distinct())
        .hasSize(5);
  }

  @Test
  void aMissingRowAnotherValueAndARowTwiceAreSeen() throws Exception {
    TreeMap<Long, Map<String, Object>> rows = stored(0);
    long first = rows.firstKey();
    rows.remove(first + 5_000);
    assertThat(BULK.differences(0, found(rows)))
        .containsExactly("root.bulk.d0 rows 5 to 5: missing");

    rows = stored(0);
    rows.get(first + 3_500_000).put("m3", -1.0);
    List<String> other = BULK.differences(0, found(rows));
    assertThat(other).hasSize(1);
    assertThat(other.get(0)).startsWith("root.bulk.d0.m3 row 3500: ").endsWith(" | -1.0");

    rows = stored(0);
    Map.Entry<Long, Map<String, Object>> last = rows.lastEntry();
    assertThat(BULK.differences(0, found(rows).add(last.getKey(), last.getValue())))
        .containsExactly("root.bulk.d0 " + last.getKey() + ": never written, or twice there");

    rows.remove(last.getKey());
    assertThat(BULK.differences(0, found(rows)))
        .containsExactly("root.bulk.d0 rows 9999 and on: missing");
  }
}
