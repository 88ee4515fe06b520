package io.sluice.sync.sender.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedEffect.Connect;
import io.sluice.sync.sender.core.FeedEffect.Disconnect;
import io.sluice.sync.sender.core.FeedEffect.OpenNext;
import io.sluice.sync.sender.core.FeedEffect.Probe;
import io.sluice.sync.sender.core.FeedEffect.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A feed among the nodes of its receiver. Bugs put back and seen here: no limit for silence or for
 * a greeting, a silent receiver kept, moving before looking, with work under way or to whoever
 * answers, a node of another cluster fed, what others learned not taken over.
 */
class FeedMovesTest {
  private static final SyncSenderOptions OPTIONS =
      new SyncSenderOptions(2, 100, 1_000, 500, 3_000, 5_000, 20_000, 2, 1, 1);
  private static final UUID RECEIVER = new UUID(7, 7);
  private static final Frame.Address SINK = new Frame.Address("sink", 6667);
  private static final List<Frame.Address> NAMED =
      List.of(new Frame.Address("a", 1), new Frame.Address("b", 2), new Frame.Address("c", 3));

  private final FeedCore core = new FeedCore(OPTIONS, new UUID(1, 2), SINK);
  private final List<String> logged = new ArrayList<>();
  private long nowMs = 1_000;

  private List<FeedEffect> on(FeedEvent event) {
    List<FeedEffect> effects = core.step(event, nowMs);
    for (FeedEffect effect : effects) {
      if (effect instanceof FeedEffect.Log log) {
        logged.add(log.text());
      }
    }
    return effects;
  }

  private static <T> T only(List<FeedEffect> effects, Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private List<FeedEffect> hear(Frame.FromReceiver frame) {
    return on(new FeedEvent.Received(frame));
  }

  private List<FeedEffect> welcome() {
    return welcome(0);
  }

  private List<FeedEffect> welcome(long start) {
    on(new FeedEvent.Connected());
    hear(new Frame.Greeting(1, RECEIVER));
    on(new FeedEvent.Claimed(RECEIVER, null));
    return hear(new Frame.Welcome(99, start, false, NAMED));
  }

  private Frame.Address tickUntilConnect() {
    for (int i = 0; i < 1_000; i++) {
      nowMs += 50;
      for (FeedEffect effect : on(new FeedEvent.Tick())) {
        if (effect instanceof Connect connect) {
          return connect.address();
        }
      }
    }
    throw new AssertionError("no connect");
  }

  /** Feeds at the region's place, where the feed moved when it had looked. */
  private Frame.Address feedAtPlace() {
    on(new FeedEvent.Run());
    Frame.Address place = only(welcome(), Probe.class).address();
    assertThat(only(on(new FeedEvent.Probed(place, RECEIVER, "")), Connect.class).address())
        .isEqualTo(place);
    welcome();
    assertThat(core.receiver()).isEqualTo(place);
    return place;
  }

  @Test
  void aFeedLooksAtItsPlaceAndMovesThereOnceItAnswers() {
    Frame.Address place = feedAtPlace();
    assertThat(place).isIn(NAMED);
    assertThat(logged)
        .anyMatch(line -> line.startsWith("moving from sink:6667 to " + place.host()));
    nowMs += 60_000;
    hear(new Frame.Pong(0));
    assertThat(on(new FeedEvent.Tick())).noneMatch(Probe.class::isInstance);
  }

  @Test
  void whatIsUnderWayIsFinishedBeforeItMovesAndNothingNewIsBegun() {
    on(new FeedEvent.Run());
    List<FeedEffect> begun = welcome();
    Frame.Address place = only(begun, Probe.class).address();
    OpenNext open = only(begun, OpenNext.class);
    open =
        only(
            on(
                new FeedEvent.Opened(
                    open.token(), 0, 5, 1, 0, Route.HERE, 500, 5, Frame.Content.POINTS)),
            OpenNext.class);
    assertThat(hear(new Frame.FileAccept(5, 0))).hasAtLeastOneElementOfType(Stream.class);
    assertThat(on(new FeedEvent.Probed(place, RECEIVER, ""))).isEmpty();
    assertThat(
            on(
                new FeedEvent.Opened(
                    open.token(), 5, 9, 1, 0, Route.HERE, 500, 5, Frame.Content.POINTS)))
        .noneMatch(OpenNext.class::isInstance);
    hear(new Frame.FileAccept(9, 0));
    assertThat(on(new FeedEvent.Streamed(1))).noneMatch(Stream.class::isInstance);
    List<FeedEffect> moved = hear(new Frame.Applied(5));
    assertThat(moved).hasAtLeastOneElementOfType(Disconnect.class);
    assertThat(only(moved, Connect.class).address()).isEqualTo(place);
    assertThat(only(welcome(5), OpenNext.class).index()).isEqualTo(5);
    assertThat(core.health()).as("a calm move is no trouble").isEqualTo(Health.NORMAL);
    assertThat(core.failures()).isEmpty();
  }

  @Test
  void anAddressThatIsOfNoUseFromHereNeverDisturbsTheFeed() {
    on(new FeedEvent.Run());
    Probe probe = only(welcome(), Probe.class);
    int probes = 0;
    for (int i = 0; i < 2_000; i++) {
      if (probe != null) {
        probes++;
        UUID foreign = probes % 2 == 0 ? new UUID(9, 9) : null;
        on(new FeedEvent.Probed(probe.address(), foreign, "timed out"));
        probe = null;
      }
      hear(new Frame.Pong(0));
      nowMs += 100;
      for (FeedEffect effect : on(new FeedEvent.Tick())) {
        assertThat(effect).isNotInstanceOfAny(Connect.class, Disconnect.class);
        if (effect instanceof Probe next) {
          probe = next;
        }
      }
    }
    assertThat(core.receiver()).isEqualTo(SINK);
    assertThat(core.health()).isEqualTo(Health.NORMAL);
    assertThat(probes).as("again and again, but ever less often").isBetween(9, 24);
    assertThat(logged.stream().filter(line -> line.contains("is of no use from here"))).hasSize(3);
  }

  @Test
  void aSilentReceiverIsLeftForAnotherWithinSecondsAndTheFeedComesBackCalmly() {
    Frame.Address place = feedAtPlace();
    long fromMs = nowMs;
    Frame.Address next = tickUntilConnect();
    assertThat(next).isNotEqualTo(place);
    assertThat(nowMs - fromMs).isBetween(5_000L, 5_300L);
    List<FeedEffect> effects = welcome();
    assertThat(core.health()).isEqualTo(Health.NORMAL);
    boolean looked = false;
    for (int i = 0; i < 100 && !looked; i++) {
      for (FeedEffect effect : effects) {
        if (effect instanceof Probe probe) {
          looked |= probe.address().equals(place);
          if (!looked) {
            on(new FeedEvent.Probed(probe.address(), null, "not now"));
          }
        }
      }
      nowMs += 100;
      hear(new Frame.Pong(0));
      effects = on(new FeedEvent.Tick());
    }
    assertThat(looked).isTrue();
    assertThat(only(on(new FeedEvent.Probed(place, RECEIVER, "")), Connect.class).address())
        .isEqualTo(place);
    assertThat(logged).anyMatch(line -> line.startsWith("going on through " + next.host()));
  }

  @Test
  void aConnectionThatIsNotGreetedIsGivenUpSoon() {
    on(new FeedEvent.Run());
    on(new FeedEvent.Connected());
    long fromMs = nowMs;
    tickUntilConnect();
    assertThat(nowMs - fromMs).isBetween(3_000L, 3_300L);
  }

  @Test
  void aReceiverThatWasCutIsTriedOnceMoreAndThenLeft() {
    Frame.Address place = feedAtPlace();
    on(new FeedEvent.Lost("cut"));
    assertThat(tickUntilConnect()).isEqualTo(place);
    on(new FeedEvent.Lost("refused"));
    assertThat(tickUntilConnect()).isNotEqualTo(place);
  }

  @Test
  void aReceiverThatStopsOrCannotReachItsTargetsIsLeftForAnother() {
    Frame.Address place = feedAtPlace();
    hear(new Frame.Refused(Refusal.STOPPING, "stopping"));
    Frame.Address second = tickUntilConnect();
    assertThat(second).isNotEqualTo(place);
    welcome();
    hear(new Frame.Refused(Refusal.UNAVAILABLE, "no leader"));
    assertThat(tickUntilConnect()).isNotEqualTo(second);
  }

  @Test
  void withTheSinkDeadTheOthersAreTriedOneAfterTheOtherWithoutGrowingDelays() {
    on(new FeedEvent.Run());
    Frame.Address place = only(welcome(), Probe.class).address();
    on(new FeedEvent.Lost("cut"));
    long fromMs = nowMs;
    List<Frame.Address> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tried.add(tickUntilConnect());
      on(new FeedEvent.Lost("refused"));
    }
    assertThat(tried.get(0)).isEqualTo(SINK);
    assertThat(tried.get(1)).isEqualTo(place);
    assertThat(tried.subList(1, 4)).containsExactlyInAnyOrderElementsOf(NAMED);
    assertThat(nowMs - fromMs).isLessThan(700);
  }

  @Test
  void aFeedThatBeginsWhileTheSinkIsAwayKnowsWhatOthersLearned() {
    on(new FeedEvent.Learned(RECEIVER, NAMED));
    on(new FeedEvent.Run());
    on(new FeedEvent.Lost("refused"));
    Frame.Address next = tickUntilConnect();
    assertThat(next).isIn(NAMED);
    welcome();
    assertThat(core.health()).isEqualTo(Health.NORMAL);
  }

  @Test
  void aNodeOfAnotherClusterAtANamedAddressIsNotFed() {
    on(new FeedEvent.Learned(RECEIVER, NAMED));
    on(new FeedEvent.Run());
    on(new FeedEvent.Lost("refused"));
    Frame.Address next = tickUntilConnect();
    on(new FeedEvent.Connected());
    List<FeedEffect> effects = hear(new Frame.Greeting(1, new UUID(8, 8)));
    assertThat(effects).hasAtLeastOneElementOfType(Disconnect.class);
    assertThat(effects).noneMatch(FeedEffect.Claim.class::isInstance);
    assertThat(tickUntilConnect()).isNotEqualTo(next);
  }

  @Test
  void anotherClusterBehindTheSinkIsTheReceiverFromThenOn() {
    feedAtPlace();
    on(new FeedEvent.Lost("cut"));
    for (int i = 0; i < NAMED.size() + 1 && !tickUntilConnect().equals(SINK); i++) {
      on(new FeedEvent.Lost("refused"));
    }
    assertThat(core.receiver()).isEqualTo(SINK);
    on(new FeedEvent.Connected());
    assertThat(hear(new Frame.Greeting(1, new UUID(8, 8))))
        .contains(new FeedEffect.Claim(new UUID(8, 8)));
  }
}
