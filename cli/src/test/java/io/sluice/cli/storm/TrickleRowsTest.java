package io.sluice.cli.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrickleRowsTest {
  private static TrickleRows acknowledged() {
    TrickleRows rows = new TrickleRows("root.storm.d");
    rows.acknowledged(batch(new long[] {4, 8, 12}, 1, true, true));
    rows.acknowledged(batch(new long[] {6}, 10, true, false));
    rows.acknowledged(batch(new long[] {8}, 20, false, true));
    return rows;
  }

  private static TrickleBatch batch(long[] times, long first, boolean withV, boolean withW) {
    return new TrickleBatch("root.storm.d", TrickleBatch.Shape.TABLET, times, first, withV, withW);
  }

  private static FakeRows right() {
    return new FakeRows()
        .add(4, Map.of("v", 1L, "w", -1L))
        .add(6, Map.of("v", 10L))
        .add(8, Map.of("v", 2L, "w", -20L))
        .add(12, Map.of("v", 3L, "w", -3L));
  }

  @Test
  void theLastAcknowledgedValueOfEachTimeCounts() throws Exception {
    assertThat(acknowledged().differences(right())).isEmpty();
    assertThat(acknowledged().points()).isEqualTo(7);
  }

  @Test
  void saysWhatIsMissingOtherwiseOrTooMuch() throws Exception {
    FakeRows missing = new FakeRows().add(4, Map.of("v", 1L, "w", -1L)).add(6, Map.of("v", 10L));
    assertThat(acknowledged().differences(missing))
        .containsExactly("root.storm.d 8 and on: acknowledged | none");

    FakeRows hole =
        new FakeRows()
            .add(4, Map.of("v", 1L, "w", -1L))
            .add(8, Map.of("v", 2L, "w", -20L))
            .add(12, Map.of("v", 3L, "w", -3L));
    assertThat(acknowledged().differences(hole))
        .containsExactly("root.storm.d 6: acknowledged Row[v=10, w=null] | none");

    FakeRows old =
        new FakeRows()
            .add(4, Map.of("v", 1L, "w", -1L))
            .add(6, Map.of("v", 10L))
            .add(8, Map.of("v", 2L, "w", -2L))
            .add(12, Map.of("v", 3L, "w", -3L));
    assertThat(acknowledged().differences(old)).hasSize(1);

    assertThat(acknowledged().differences(right().add(12, Map.of("v", 3L, "w", -3L))))
        .as("a row that is there twice")
        .isEqualTo(List.of("root.storm.d 12: never acknowledged, or twice there | Row[v=3, w=-3]"));
  }
}
