package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.FeedReport;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.core.Trouble;
import io.sluice.sync.sender.port.Backlog;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedRowsTest {
  private static final long MONOTONIC_MS = 500_000;
  private static final long EPOCH_MS = 1_700_000_000_000L;

  private static FeedDetails row(
      long position, long last, Backlog backlog, long rate, long caughtUpAtMs, Trouble trouble) {
    return new FeedRows(MONOTONIC_MS, EPOCH_MS)
        .of(
            new FeedReport(
                "p",
                1,
                new UUID(1, 1),
                "root.a",
                Health.NORMAL,
                new Frame.Address("10.0.0.1", 6667),
                true,
                position,
                last,
                MONOTONIC_MS - 2_000,
                false,
                caughtUpAtMs,
                backlog,
                rate,
                false,
                Map.of(),
                trouble,
                trouble == null ? 0 : MONOTONIC_MS - 9_000));
  }

  @Test
  void whatIsLeftIsMeasuredInBytesSecondsAndTheAgeOfTheOldest() {
    FeedDetails row =
        row(5, 90, new Backlog(3, 1_001, EPOCH_MS - 7_500, 12), 100, MONOTONIC_MS - 1_000, null);
    assertThat(row.getUnsealedRows()).isEqualTo(12);
    assertThat(row.getSecondsBehind()).isEqualTo(7);
    assertThat(row.getSecondsToGo()).isEqualTo(11);
    assertThat(row.getAcknowledgedAtMs()).isEqualTo(EPOCH_MS - 2_000);
    assertThat(row.getReceiver()).isEqualTo(new Endpoint("10.0.0.1", 6667));
    assertThat(row.isSetLastError()).isFalse();
  }

  @Test
  void rowsInMemoryAreBehindSinceNothingWasLeftAndHaveNoSizeYet() {
    FeedDetails row = row(5, 6, Backlog.NONE, 100, MONOTONIC_MS - 3_000, null);
    assertThat(row.getSecondsBehind()).isEqualTo(3);
    assertThat(row.isSetSecondsToGo()).isFalse();
  }

  @Test
  void withNothingLeftNothingIsBehindAndWithoutARateNobodyKnows() {
    FeedDetails done = row(6, 6, Backlog.NONE, 0, 0, null);
    assertThat(done.getSecondsBehind()).isZero();
    assertThat(done.getSecondsToGo()).isZero();
    FeedDetails stuck = row(5, 6, new Backlog(1, 10, EPOCH_MS, 0), 0, 0, null);
    assertThat(stuck.isSetSecondsToGo()).isFalse();
    assertThat(row(5, 6, Backlog.NONE, 0, 0, null).isSetSecondsBehind()).isFalse();
  }

  @Test
  void theLastErrorStaysWithItsTime() {
    FeedDetails row =
        row(6, 6, Backlog.NONE, 0, 0, new Trouble(Trouble.Cause.TRANSFER, "no leader"));
    assertThat(row.getLastError()).isEqualTo("TRANSFER: no leader");
    assertThat(row.getLastErrorAtMs()).isEqualTo(EPOCH_MS - 9_000);
    assertThat(row.getHealth()).isEqualTo(PipeHealth.NORMAL);
  }
}
