package io.sluice.sync.receiver.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PendingBytesTest {
  private static final long PART_BYTES = 16 << 10;
  private final AtomicLong all = new AtomicLong();

  @Test
  void oneSenderHoldsItsOwnLimitAndGoesOnWhenItIsLow() {
    PendingBytes one = new PendingBytes(all);
    assertThat(one.add(PendingBytes.OWN_BYTES_HIGH)).isFalse();
    assertThat(one.add(1)).isTrue();
    one.remove(PendingBytes.OWN_BYTES_HIGH - PendingBytes.OWN_BYTES_LOW);
    assertThat(one.low()).isFalse();
    one.remove(2);
    assertThat(one.low()).isTrue();
    one.remove(PendingBytes.OWN_BYTES_LOW - 1);
    assertThat(all).hasValue(0);
  }

  /** With their own limits alone it would be 4 GB. */
  @Test
  void aThousandSendersHoldLittleMoreThanTheCommonLimitAndNoneStandsStill() {
    List<PendingBytes> senders = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      senders.add(new PendingBytes(all));
    }
    for (PendingBytes sender : senders) {
      long parts = 0;
      while (!sender.add(PART_BYTES)) {
        parts++;
      }
      assertThat(parts).isPositive();
    }
    assertThat(all.get())
        .isLessThan(
            PendingBytes.ALL_BYTES_MAX + 1_000 * (PendingBytes.FAIR_BYTES + 2 * PART_BYTES));
    PendingBytes last = senders.get(999);
    assertThat(last.low()).isFalse();
    last.remove(PART_BYTES);
    last.remove(PART_BYTES);
    assertThat(last.low()).isTrue();
  }
}
