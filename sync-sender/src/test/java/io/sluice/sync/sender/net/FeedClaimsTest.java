package io.sluice.sync.sender.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.net.FeedClaims.Claim;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedClaimsTest {
  private static final UUID REGION = new UUID(1, 1);
  private static final UUID CLOUD = new UUID(2, 2);
  private static final UUID OTHER_CLOUD = new UUID(3, 3);
  private static final Claim GRANTED = new Claim.Granted();

  private final FeedClaims claims = new FeedClaims();
  private final PipeSpec older = pipe(1, "a");
  private final PipeSpec newer = pipe(2, "a");
  private final PipeSpec newerElsewhere = pipe(3, "b");
  private long nowMs = 1_000;

  private static PipeSpec pipe(long number, String host) {
    return new PipeSpec("p" + number, number, host, 6667, 0, 0, false);
  }

  private Claim claim(PipeSpec pipe, UUID cluster) {
    return claims.claim(REGION, cluster, pipe, nowMs);
  }

  @Test
  void theOlderOfTwoToOneSinkIsFirstWhoeverAsksFirst() {
    claims.runs(newer, nowMs);
    claims.runs(older, nowMs);
    assertThat(claim(newer, CLOUD)).isEqualTo(new Claim.Taken(older));
    assertThat(claim(older, CLOUD)).isEqualTo(GRANTED);
    assertThat(claim(newer, CLOUD)).isEqualTo(new Claim.Taken(older));
    claims.release(1);
    assertThat(claim(newer, CLOUD)).isEqualTo(GRANTED);
  }

  @Test
  void aNewerOneToAnotherSinkWaitsUntilTheOlderKnowsItsCluster() {
    claims.runs(older, nowMs);
    claims.runs(newerElsewhere, nowMs);
    assertThat(claim(newerElsewhere, CLOUD)).isEqualTo(new Claim.Unsettled());
    assertThat(claim(older, CLOUD)).isEqualTo(GRANTED);
    assertThat(claim(newerElsewhere, CLOUD)).isEqualTo(new Claim.Taken(older));
    assertThat(claim(newerElsewhere, OTHER_CLOUD)).isEqualTo(GRANTED);
  }

  @Test
  void itDoesNotWaitForEverForOneThatCannotReachItsReceiver() {
    claims.runs(older, nowMs);
    claims.runs(newerElsewhere, nowMs);
    nowMs += FeedClaims.SETTLE_MS_MAX;
    assertThat(claim(newerElsewhere, CLOUD)).isEqualTo(GRANTED);
    assertThat(claim(older, CLOUD)).isEqualTo(new Claim.Taken(newerElsewhere));
  }

  @Test
  void aPipeThatFeedsKeepsItsPlaceWhenAnOlderOneIsStartedAndAStoppedOneKeepsIt() {
    claims.runs(newer, nowMs);
    assertThat(claim(newer, CLOUD)).isEqualTo(GRANTED);
    claims.runs(older, nowMs);
    assertThat(claim(older, CLOUD)).isEqualTo(new Claim.Taken(newer));
    claims.rests(2);
    assertThat(claim(older, CLOUD)).isEqualTo(new Claim.Taken(newer));
  }

  @Test
  void anOlderOneThatTheReceiverLetsInNoMoreGivesWay() {
    claims.runs(older, nowMs);
    claims.runs(newer, nowMs);
    assertThat(claim(older, CLOUD)).isEqualTo(GRANTED);
    claims.tooOld(1);
    assertThat(claim(newer, CLOUD)).isEqualTo(GRANTED);
  }
}
