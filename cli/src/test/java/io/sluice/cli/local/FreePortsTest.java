package io.sluice.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  /** Seen to fail with blocks that are not claimed. Two instances stand for two processes. */
  @Test
  void thoseWhoLookAtTheSameTimeNeverGetTheSamePort() throws IOException {
    try (FreePorts one = new FreePorts();
        FreePorts other = new FreePorts()) {
      Set<Integer> taken = new HashSet<>();
      for (int round = 0; round < 50; round++) {
        taken.addAll(one.take(4));
        taken.addAll(other.take(3));
      }

      assertEquals(50 * 7, taken.size());
    }
  }
}
