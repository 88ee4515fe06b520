package io.sluice.common.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineageTest {
  @Test
  void anIndexBelongsToTheLastSpanAtOrBelowIt() {
    Lineage lineage = Lineage.EMPTY.with(1, 10).with(5, 20);
    assertThat(
            List.of(
                lineage.numberAt(0),
                lineage.numberAt(4),
                lineage.numberAt(5),
                lineage.numberAt(99)))
        .isEqualTo(List.of(0L, 10L, 20L, 20L));
  }

  @Test
  void agreesUpToEqualsAWalkOverAllIndexes() {
    Random random = new Random(7);
    for (int history = 0; history < 2_000; history++) {
      Lineage left = grown(random, Lineage.EMPTY);
      Lineage common = random.nextBoolean() ? left : Lineage.EMPTY;
      Lineage right = grown(random, common);
      long upTo = random.nextInt(40);
      long walked = 0;
      while (walked < upTo && left.numberAt(walked + 1) == right.numberAt(walked + 1)) {
        walked++;
      }
      assertThat(left.agreesUpTo(right, upTo)).as("%s %s %s", left, right, upTo).isEqualTo(walked);
      assertThat(right.agreesUpTo(left, upTo)).isEqualTo(walked);
    }
  }

  @Test
  void itGoesOnInOneThatHasLaterLeaders() {
    Lineage lineage = Lineage.EMPTY.with(1, 10);
    assertThat(lineage.goesOnIn(lineage.with(5, 20))).isTrue();
    assertThat(lineage.goesOnIn(lineage)).isFalse();
    assertThat(lineage.with(5, 20).goesOnIn(lineage)).isFalse();
    assertThat(lineage.with(5, 30).goesOnIn(lineage.with(5, 20).with(9, 30))).isFalse();
  }

  private static Lineage grown(Random random, Lineage from) {
    Lineage lineage = from;
    long at = from.spans().isEmpty() ? 0 : from.spans().get(from.spans().size() - 1).firstIndex();
    for (int i = random.nextInt(4); i > 0; i--) {
      at += random.nextInt(9) + 1;
      lineage = lineage.with(at, random.nextInt(5) + 1);
    }
    return lineage;
  }
}
