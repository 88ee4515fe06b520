package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.cluster.Expiry.Cutoff;
import io.sluice.datanode.point.TimeRange;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a cut that moves with every opening; one kept although the TTL was
 * changed.
 */
class FirstTimesTest {
  private static final long HOUR_MS = 3_600_000;
  private static final long WEEK_MS = 7 * 24 * HOUR_MS;

  private Cutoff now = new Cutoff(WEEK_MS, 1_000);
  private final FirstTimes times = new FirstTimes(() -> now);

  private long of(long end, long firstMs) {
    return times.of(end, new TimeRange(firstMs, Long.MAX_VALUE));
  }

  private void pass(long ms) {
    now = new Cutoff(now.ttlMs(), now.firstTimeMs() + ms);
  }

  @Test
  void whatHasNotExpiredIsShippedWholeAndStaysSoForAnHour() {
    assertThat(of(1, 1_000)).isEqualTo(Long.MIN_VALUE);
    pass(HOUR_MS);
    assertThat(of(1, 1_000)).isEqualTo(Long.MIN_VALUE);
    pass(1);
    assertThat(of(1, 1_000)).isEqualTo(now.firstTimeMs());
  }

  @Test
  void aPieceIsTheSameWhenItIsMadeAgainWithinAnHour() {
    assertThat(of(1, 500)).isEqualTo(1_000);
    pass(HOUR_MS);
    assertThat(of(1, 500)).isEqualTo(1_000);
    assertThat(of(2, 600)).isEqualTo(now.firstTimeMs());
    pass(1);
    assertThat(of(1, 500)).isEqualTo(now.firstTimeMs());
  }

  @Test
  void aShortTimeToLiveIsExceededByATenthAtMost() {
    now = new Cutoff(60_000, 1_000);
    assertThat(of(1, 500)).isEqualTo(1_000);
    pass(6_000);
    assertThat(of(1, 500)).isEqualTo(1_000);
    pass(1);
    assertThat(of(1, 500)).isEqualTo(7_001);
  }

  @Test
  void anotherTimeToLiveCountsAtOnceWhicheverWayItWent() {
    assertThat(of(1, 500)).isEqualTo(1_000);
    now = new Cutoff(WEEK_MS - 1, 1_001);
    assertThat(of(1, 500)).isEqualTo(1_001);
    now = new Cutoff(WEEK_MS + 300, 700);
    assertThat(of(1, 500)).isEqualTo(700);
    now = Cutoff.NONE;
    assertThat(of(1, 500)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aClockSetBackBringsPointsBack() {
    assertThat(of(1, 500)).isEqualTo(1_000);
    pass(-10);
    assertThat(of(1, 500)).isEqualTo(990);
  }

  @Test
  void onlyTheLastPiecesAreRemembered() {
    assertThat(of(0, 500)).isEqualTo(1_000);
    pass(1);
    for (int piece = 1; piece <= 64; piece++) {
      of(piece, 500);
    }
    assertThat(of(0, 500)).isEqualTo(1_001);
  }
}
