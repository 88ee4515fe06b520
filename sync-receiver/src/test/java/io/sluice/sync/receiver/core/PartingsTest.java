package io.sluice.sync.receiver.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Source;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PartingsTest {
  private final Partings partings = new Partings();
  private final Source source = source();

  private static Source source() {
    return new Source(UUID.randomUUID(), UUID.randomUUID());
  }

  @Test
  void aFewAreBelievedAndMoreOnlyOnceTimeHasPassed() {
    for (int i = 0; i < Partings.ACCEPTED_MAX; i++) {
      assertThat(partings.accept(source, i)).isTrue();
    }
    assertThat(partings.accept(source, 10)).isFalse();
    assertThat(partings.accept(source(), 10)).as("another").isTrue();
    assertThat(partings.accept(source, Partings.WINDOW_MS - 1)).isFalse();
    assertThat(partings.accept(source, Partings.WINDOW_MS)).isTrue();
    assertThat(partings.accept(source, Partings.WINDOW_MS)).isFalse();
  }

  @Test
  void itRemembersOnlySoMany() {
    for (int i = 0; i < Partings.ACCEPTED_MAX; i++) {
      partings.accept(source, 0);
    }
    for (int i = 0; i < Partings.SOURCES_MAX; i++) {
      partings.accept(source(), 0);
    }
    assertThat(partings.accept(source, 0)).isTrue();
  }
}
