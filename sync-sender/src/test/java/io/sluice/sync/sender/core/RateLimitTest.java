package io.sluice.sync.sender.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  @Test
  void overAnyTimeNoMoreThanTheLimitAndHardlyLessIsGiven() {
    RateLimit limit = new RateLimit(10_000);
    Random random = new Random(1);
    long[] readyAtMs = new long[5];
    long bytes = 0;
    while (true) {
      int first = 0;
      for (int i = 1; i < readyAtMs.length; i++) {
        first = readyAtMs[i] < readyAtMs[first] ? i : first;
      }
      int length = 1 + random.nextInt(4_000);
      RateLimit.Turn turn = limit.take(length, readyAtMs[first]);
      if (turn.atMs() > 100_000) {
        break;
      }
      readyAtMs[first] = turn.atMs();
      bytes += length;
    }
    assertThat(bytes).isBetween(980_000L, 1_005_000L);
  }

  @Test
  void whatNobodyUsedIsNotSavedUp() {
    RateLimit limit = new RateLimit(1_000);
    assertThat(limit.take(500, 0).atMs()).isZero();
    assertThat(limit.take(500, 60_000).atMs()).isEqualTo(60_000);
    assertThat(limit.take(500, 60_000).atMs()).isEqualTo(60_500);
  }

  @Test
  void turnsComeInTheOrderTheyWereAskedFor() {
    RateLimit limit = new RateLimit(1_000);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.take(100, 7).atMs()).isEqualTo(7 + 100 * i);
    }
  }

  @Test
  void aChangeHoldsAtOnce() {
    RateLimit limit = new RateLimit(1);
    limit.take(1_000_000, 0);
    RateLimit.Turn far = limit.take(10, 0);
    assertThat(far.atMs()).isEqualTo(1_000_000_000);
    limit.change(1);
    assertThat(limit.holds(far)).isTrue();
    limit.change(1_000);
    assertThat(limit.holds(far)).isFalse();
    assertThat(limit.take(10, 5).atMs()).isEqualTo(5);
    limit.change(0);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.take(1_000_000, 9).atMs()).isEqualTo(9);
    }
  }
}
