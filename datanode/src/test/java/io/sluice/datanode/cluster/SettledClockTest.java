package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a jump believed at once; a doubt that never ends; a clock settled as
 * soon as no jump is doubted, or after one that was set back.
 */
class SettledClockTest {
  private static final long YEAR_MS = 365 * 86_400_000L;

  private long wallMs = 1_000_000_000;
  private long elapsedMs = 5_000;
  private final SettledClock clock = new SettledClock(() -> wallMs, () -> elapsedMs);

  private void pass(long ms) {
    wallMs += ms;
    elapsedMs += ms;
  }

  @Test
  void aClockThatRunsAndIsSlewedIsBelieved() {
    for (int day = 0; day < 100; day++) {
      pass(86_400_000);
      wallMs += SettledClock.JUMP_MS;
      assertThat(clock.nowMs()).isEqualTo(wallMs);
    }
  }

  @Test
  void aJumpForwardIsBelievedAfterAnHour() {
    wallMs += YEAR_MS;
    assertThat(clock.nowMs()).isEqualTo(wallMs - YEAR_MS);
    pass(SettledClock.DOUBT_MS - 1);
    assertThat(clock.nowMs()).isEqualTo(wallMs - YEAR_MS);
    pass(1);
    assertThat(clock.nowMs()).isEqualTo(wallMs);
  }

  @Test
  void aJumpThatIsTakenBackWasNone() {
    wallMs += YEAR_MS;
    clock.nowMs();
    pass(1_000);
    wallMs -= YEAR_MS;
    assertThat(clock.nowMs()).isEqualTo(wallMs);
    pass(SettledClock.DOUBT_MS);
    wallMs += YEAR_MS;
    assertThat(clock.nowMs()).as("another jump, another hour").isEqualTo(wallMs - YEAR_MS);
  }

  @Test
  void aSecondJumpIsDoubtedForAnHourOfItsOwn() {
    wallMs += YEAR_MS;
    clock.nowMs();
    pass(SettledClock.DOUBT_MS / 2);
    wallMs += YEAR_MS;
    clock.nowMs();
    pass(SettledClock.DOUBT_MS / 2);
    assertThat(clock.nowMs()).isEqualTo(wallMs - 2 * YEAR_MS);
    pass(SettledClock.DOUBT_MS / 2);
    assertThat(clock.nowMs()).isEqualTo(wallMs);
  }

  @Test
  void filesMayGoAfterAnHourWithoutAJumpOnly() {
    assertThat(clock.settled()).as("just begun").isFalse();
    pass(SettledClock.DOUBT_MS);
    assertThat(clock.settled()).isTrue();
    wallMs += YEAR_MS;
    assertThat(clock.settled()).isFalse();
    pass(SettledClock.DOUBT_MS - 1);
    assertThat(clock.settled()).isFalse();
    pass(1);
    assertThat(clock.settled()).isTrue();
    wallMs -= 900_000_000;
    assertThat(clock.settled()).as("set back").isFalse();
    pass(SettledClock.DOUBT_MS);
    assertThat(clock.settled()).isTrue();
  }

  @Test
  void aJumpBackIsBelievedAtOnce() {
    wallMs -= 900_000_000;
    assertThat(clock.nowMs()).isEqualTo(wallMs);
  }
}
