package io.sluice.sync.sender.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.frame.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a named address used before the sink that works, the sink not tried
 * or what never worked tried when all are aside.
 */
class AddressesTest {
  private static final Frame.Address SINK = new Frame.Address("sink", 6667);
  private static final Frame.Address ONE = new Frame.Address("10.0.0.1", 6667);
  private static final Frame.Address TWO = new Frame.Address("10.0.0.2", 6667);
  private static final Frame.Address THREE = new Frame.Address("10.0.0.3", 6667);
  private static final List<Frame.Address> ALL = List.of(ONE, TWO, THREE);

  private final Addresses addresses = new Addresses(new UUID(3, 4), SINK);

  private static Frame.Address placeOf(UUID region, List<Frame.Address> named) {
    Addresses of = new Addresses(region, SINK);
    of.learn(named);
    return of.better(0).orElseThrow();
  }

  @Test
  void regionsAreSpreadEvenlyInWhateverOrderNodesAreNamed() {
    Random random = new Random(1);
    Map<Frame.Address, Integer> feeds = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      UUID region = new UUID(random.nextLong(), random.nextLong());
      List<Frame.Address> shuffled = new ArrayList<>(ALL);
      Collections.shuffle(shuffled, random);
      Frame.Address place = placeOf(region, ALL);
      assertThat(placeOf(region, shuffled)).isEqualTo(place);
      feeds.merge(place, 1, Integer::sum);
    }
    assertThat(feeds.values()).allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
  }

  @Test
  void consecutiveUuidsOnNeighbouringPortsAreSpreadToo() {
    List<Frame.Address> ports = new ArrayList<>();
    for (int port = 6667; port < 6670; port++) {
      ports.add(new Frame.Address("127.0.0.1", port));
    }
    Map<Frame.Address, Integer> feeds = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      feeds.merge(placeOf(new UUID(0, i), ports), 1, Integer::sum);
    }
    assertThat(feeds.values()).allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
  }

  @Test
  void aNodeThatComesOrGoesMovesOnlyTheRegionsOfItsOwn() {
    Random random = new Random(2);
    for (int i = 0; i < 1_000; i++) {
      UUID region = new UUID(random.nextLong(), random.nextLong());
      Frame.Address before = placeOf(region, List.of(ONE, TWO));
      Frame.Address after = placeOf(region, ALL);
      assertThat(after).isIn(before, THREE);
    }
  }

  @Test
  void theSinkIsUsedUntilANamedAddressHasAnswered() {
    addresses.learn(ALL);
    assertThat(addresses.choose(0)).isEqualTo(SINK);
    Frame.Address better = addresses.better(0).orElseThrow();
    addresses.answers(better);
    assertThat(addresses.choose(0)).isEqualTo(better);
    assertThat(addresses.better(0)).isEmpty();
  }

  @Test
  void whenTheOneInUseFailsTheNextIsTakenAndTheSinkBeforeWhatNeverAnswered() {
    addresses.learn(ALL);
    Frame.Address first = addresses.better(0).orElseThrow();
    addresses.answers(first);
    addresses.choose(0);
    addresses.leaveAside(first, 0);
    assertThat(addresses.choose(0)).isEqualTo(SINK);
    addresses.leaveAside(SINK, 0);
    Frame.Address second = addresses.choose(0);
    assertThat(second).isIn(ALL).isNotEqualTo(first);
  }

  @Test
  void whatIsAsideIsTriedAgainLaterAndLessOftenEachTime() {
    addresses.learn(ALL);
    Frame.Address first = addresses.better(0).orElseThrow();
    assertThat(addresses.leaveAside(first, 0)).isEqualTo(5_000);
    assertThat(addresses.better(4_999)).isNotEqualTo(java.util.Optional.of(first));
    assertThat(addresses.better(5_000)).contains(first);
    assertThat(addresses.leaveAside(first, 5_000)).isEqualTo(10_000);
    long waitMs = 0;
    for (int i = 0; i < 20; i++) {
      waitMs = addresses.leaveAside(first, 20_000);
    }
    assertThat(waitMs).isEqualTo(60_000);
    addresses.takesData(first);
    assertThat(addresses.leaveAside(first, 0)).as("it worked meanwhile").isEqualTo(5_000);
  }

  @Test
  void withEverythingAsideTheSinkAndWhatWorkedTakeTurns() {
    addresses.learn(ALL);
    addresses.answers(ONE);
    long now = 0;
    for (Frame.Address address : List.of(TWO, THREE, ONE, SINK)) {
      addresses.leaveAside(address, now++);
    }
    List<Frame.Address> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Frame.Address chosen = addresses.choose(now);
      tried.add(chosen);
      addresses.leaveAside(chosen, now++);
    }
    assertThat(tried).containsExactly(ONE, SINK, ONE, SINK);
  }

  @Test
  void aReceiverOfOneNodeIsLeftWhereItWasFound() {
    addresses.learn(List.of(ONE));
    assertThat(addresses.better(0)).isEmpty();
    addresses.leaveAside(SINK, 0);
    assertThat(addresses.choose(0)).as("better than nothing").isEqualTo(ONE);
  }

  @Test
  void aReceiverThatNamesOthersMakesTheFormerOnesForgotten() {
    addresses.learn(ALL);
    addresses.answers(THREE);
    addresses.learn(List.of(ONE, TWO));
    addresses.leaveAside(SINK, 0);
    assertThat(addresses.choose(0)).isIn(ONE, TWO);
    assertThat(addresses.size()).isEqualTo(3);
  }
}
