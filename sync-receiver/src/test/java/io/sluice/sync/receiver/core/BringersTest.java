package io.sluice.sync.receiver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BringersTest {
  private final Bringers bringers = new Bringers();
  private final UUID one = UUID.randomUUID();
  private final UUID two = UUID.randomUUID();

  @Test
  void whoeverComesSecondIsToldOfTheFirstAndTheOtherWayRound() {
    assertThat(bringers.brought(one, List.of("root.a.d", "root.a.e"))).isEmpty();
    assertThat(bringers.brought(one, List.of("root.a.d"))).isEmpty();
    assertThat(bringers.brought(two, List.of("root.a.c", "root.a.d", "root.a.e")))
        .contains(new Bringers.Shared("root.a.d", one));
    assertThat(bringers.brought(two, List.of("root.a.d"))).isEmpty();
    assertThat(bringers.brought(one, List.of("root.a.e")))
        .contains(new Bringers.Shared("root.a.e", two));
  }

  @Test
  void itRemembersOnlySoManyDevices() {
    bringers.brought(one, List.of("root.a.d"));
    for (int i = 0; i < Bringers.DEVICES_MAX; i++) {
      bringers.brought(one, List.of("root.b.d" + i));
    }
    assertThat(bringers.brought(two, List.of("root.a.d"))).isEmpty();
  }
}
