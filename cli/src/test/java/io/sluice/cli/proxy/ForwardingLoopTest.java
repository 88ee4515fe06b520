package io.sluice.cli.proxy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ForwardingLoopTest {
  private static void again(ForwardingLoop loop) {
    loop.after(0, () -> again(loop));
  }

  /** Ran without end while it looked at the clock anew for each task: every connection stood. */
  @Test
  void whatComesAgainAtOnceDoesNotKeepTheOthersWaiting() throws Exception {
    try (ForwardingLoop loop = new ForwardingLoop()) {
      loop.call(() -> again(loop));
      for (int i = 0; i < 3; i++) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> loop.call(() -> {}));
      }
    }
  }
}
