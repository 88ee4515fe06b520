package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetCallsTest {
  private static final UUID STUCK = new UUID(1, 1);
  private static final UUID WELL = new UUID(1, 2);

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final TargetCalls calls = new TargetCalls(nowMs::get);

  @Test
  void aRegionThatDoesNotAnswerKeepsAFewCallersWaitingAndTheOthersAreTold() throws Exception {
    TargetCalls.Call first = calls.begin(STUCK);
    TargetCalls.Call second = calls.begin(STUCK);
    assertThatCode(() -> calls.begin(STUCK).close()).doesNotThrowAnyException();
    nowMs.addAndGet(TargetCalls.LONG_WAIT_MS);
    assertThatThrownBy(() -> calls.begin(STUCK))
        .isInstanceOf(TargetUnavailableException.class)
        .hasMessageContaining("has not answered for 3000 ms");
    assertThatCode(() -> calls.begin(WELL).close()).doesNotThrowAnyException();
    first.close();
    second.close();
    TargetCalls.Call third = calls.begin(STUCK);
    TargetCalls.Call fourth = calls.begin(STUCK);
    assertThatThrownBy(() -> calls.begin(STUCK))
        .as("not again all at once")
        .isInstanceOf(TargetUnavailableException.class);
    third.close();
    assertThatCode(() -> calls.begin(STUCK).close()).doesNotThrowAnyException();
    fourth.close();
  }
}
