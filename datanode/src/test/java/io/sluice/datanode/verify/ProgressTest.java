package io.sluice.datanode.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.statement.FakeRegion;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Frame.Address RECEIVER = new Frame.Address("receiver", 1);

  private final FakeRegion region = new FakeRegion();
  private final AtomicInteger asked = new AtomicInteger();

  private Progress progress(long... positions) {
    AtomicLong nowMs = new AtomicLong();
    return new Progress(
        any -> {
          int turn = Math.min(asked.getAndIncrement(), positions.length - 1);
          return positions[turn] < 0
              ? Optional.empty()
              : Optional.of(new Progress.Feed(positions[turn], RECEIVER, "slow line"));
        },
        () -> nowMs.getAndAdd(10_000));
  }

  private void written(int entries) {
    for (int i = 0; i < entries; i++) {
      region.entries.add(new LogEntry.Seal());
    }
  }

  /** A feed may be a deposed leader's. Seen failing with a feed's own word for the end. */
  @Test
  void whatTheLeaderHasIsWaitedForWhateverAFeedKnowsOf() throws Exception {
    written(7);
    progress(-1, 3, 6, 7).awaitShipped(region);
    assertThat(asked).hasValue(4);
  }

  @Test
  void aPipeThatIsFarBehindIsSaidToBe() {
    written(9);
    assertThatThrownBy(() -> progress(3).awaitShipped(region))
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("at index 3 of 9 (slow line)");
    assertThatThrownBy(() -> progress(-1).awaitShipped(region))
        .hasMessageContaining("no DataNode ships it");
  }

  @Test
  void whereItIsReceivedIsKnownFromTheFeed() {
    assertThat(progress(-1).receivers(region.id())).isEmpty();
    assertThat(progress(1).receivers(region.id())).containsExactly(RECEIVER);
  }
}
