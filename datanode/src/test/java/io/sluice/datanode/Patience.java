package io.sluice.datanode;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long this module's tests wait for what is bound to happen: longer than elections, reconnects
 * and collections of garbage take on a machine that does much else, too. Awaitility's own ten
 * seconds are not.
 */
public final class Patience {
  private static final Duration MAX = Duration.ofSeconds(60);

  private Patience() {}

  public static ConditionFactory await() {
    return Awaitility.await().atMost(MAX);
  }
}
