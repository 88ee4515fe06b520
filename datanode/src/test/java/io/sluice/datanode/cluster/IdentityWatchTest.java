package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdentityWatchTest {
  private static final IdentityWatch.Options OPTIONS = new IdentityWatch.Options(10_000, 5);

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private volatile String answer;
  private volatile boolean unreachable;

  private String confirm() throws StatusException {
    asked.incrementAndGet();
    if (unreachable) {
      throw new StatusException(StatusCode.INTERNAL_ERROR, "No ConfigNode answers");
    }
    return answer;
  }

  private IdentityWatch watch() {
    return new IdentityWatch(this::confirm, OPTIONS, nowMs::get, refusals::add).start();
  }

  @Test
  void aNodeThatIsSpokenToAsksNothing() {
    try (IdentityWatch watch = watch()) {
      for (int i = 0; i < 5; i++) {
        nowMs.addAndGet(9_000);
        watch.heard();
      }
      Patience.await().during(Duration.ofMillis(50)).until(() -> asked.get() == 0);
    }
  }

  @Test
  void aNodeWhosePlaceIsTakenIsToldOnceWhy() {
    answer = "DataNode 1 is another process now";
    try (IdentityWatch watch = watch()) {
      nowMs.addAndGet(10_000);
      Patience.await().until(() -> refusals.size() == 1);
      nowMs.addAndGet(60_000);
      Patience.await().during(Duration.ofMillis(50)).until(() -> asked.get() == 1);
    }
    assertThat(refusals).containsExactly("DataNode 1 is another process now");
  }

  @Test
  void whileNoConfigNodeAnswersANodeGoesOn() {
    unreachable = true;
    try (IdentityWatch watch = watch()) {
      nowMs.addAndGet(10_000);
      Patience.await().until(() -> asked.get() > 2);
      assertThat(refusals).isEmpty();
      unreachable = false;
      int before = asked.get();
      Patience.await().until(() -> asked.get() > before);
      int confirmed = asked.get();
      Patience.await().during(Duration.ofMillis(50)).until(() -> asked.get() <= confirmed + 1);
      assertThat(refusals).isEmpty();
    }
  }
}
