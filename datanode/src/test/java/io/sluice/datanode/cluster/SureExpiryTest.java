package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.DatabaseInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bugs put back and seen here: a TTL nobody has confirmed; a clock that has only just begun. */
class SureExpiryTest {
  private static final long TTL_MS = 1_000;

  private long wallMs = 1_000_000_000;
  private long elapsedMs = 5_000;
  private long confirmedMsAgo;
  private final DatabaseInfo database = new DatabaseInfo().setName("root.x").setTtlMs(TTL_MS);
  private final SettledClock clock = new SettledClock(() -> wallMs, () -> elapsedMs);
  private final Expiry expiry =
      new Expiry(() -> new Catalog().setDatabases(List.of(database)), clock);
  private final SureExpiry sure = new SureExpiry(expiry, clock, () -> confirmedMsAgo);

  private void pass(long ms) {
    wallMs += ms;
    elapsedMs += ms;
  }

  @Test
  void nothingGoesBeforeTheClockHasRunForAnHour() {
    pass(SettledClock.DOUBT_MS - 1);
    assertThat(sure.firstTimeMs("root.x")).isEqualTo(Long.MIN_VALUE);
    pass(1);
    assertThat(sure.firstTimeMs("root.x")).isEqualTo(wallMs - TTL_MS);
    assertThat(sure.firstTimeMs("root.y")).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void nothingGoesByATtlThatMayHaveBeenRaisedMeanwhile() {
    pass(SettledClock.DOUBT_MS);
    confirmedMsAgo = SureExpiry.UNCONFIRMED_MS_MAX;
    assertThat(sure.firstTimeMs("root.x")).isEqualTo(wallMs - TTL_MS);
    confirmedMsAgo++;
    assertThat(sure.firstTimeMs("root.x")).isEqualTo(Long.MIN_VALUE);
  }
}
