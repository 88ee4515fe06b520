package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.region.store.RegionStore.Unsealed;
import org.junit.jupiter.api.Test;

class SealTimerTest {
  private static final RegionOptions OPTIONS = RegionOptions.DEFAULT;
  private static final Unsealed NOTHING = new Unsealed(0, false, false, 0, 0);
  private static final Unsealed ROWS = new Unsealed(100, true, true, 0, 0);

  private final SealTimer timer = new SealTimer(OPTIONS);

  private boolean due(long nowMs, Unsealed unsealed) {
    return timer.due(nowMs, unsealed, 0, Long.MAX_VALUE);
  }

  @Test
  void whoAskedIsHeardThoughTheLookAtTheMemtableIsAMomentOld() {
    Unsealed lookedAtBeforeTheRowsCame = NOTHING;
    timer.soon();
    assertThat(due(0, lookedAtBeforeTheRowsCame)).isFalse();
    assertThat(due(10, ROWS)).isFalse();
    assertThat(due(10 + OPTIONS.sealSoonMs(), ROWS)).isTrue();
  }

  @Test
  void theDelayCountsFromTheRowsNotFromTheAsking() {
    timer.soon();
    assertThat(due(0, NOTHING)).isFalse();
    assertThat(due(OPTIONS.sealSoonMs() * 3, ROWS)).isFalse();
  }

  /**
   * Bug put back and seen: files that came through a pipe waited for the age of rows. A trickle
   * left hundreds of them that no merge took.
   */
  @Test
  void aHandfulOfLoadedFilesIsEnough() {
    int most = SealTimer.LOADED_FILES_MAX;
    assertThat(due(0, new Unsealed(0, true, true, most - 1, 0))).isFalse();
    assertThat(due(1, new Unsealed(0, true, true, most, 0))).isTrue();
  }

  @Test
  void withoutAskingRowsWaitForTheirAge() {
    assertThat(due(0, ROWS)).isFalse();
    assertThat(due(OPTIONS.sealAgeMs() - 1, ROWS)).isFalse();
    assertThat(due(OPTIONS.sealAgeMs(), ROWS)).isTrue();
    assertThat(due(OPTIONS.sealAgeMs() * 2, ROWS)).as("one proposal at a time").isFalse();
  }
}
