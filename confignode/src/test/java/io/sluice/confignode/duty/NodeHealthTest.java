package io.sluice.confignode.duty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.ReplicaState;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.Region;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a leader whose Raft server has ended counted, a ReadOnly node given
 * regions, a silent node given a lead.
 */
class NodeHealthTest {
  private static final Region REGION =
      new Region(7, new UUID(1, 7), "root.a", List.of(1, 2), 0, Region.Phase.LIVE, new TreeSet<>());

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final NodeHealth health = new NodeHealth(nowMs::get, List.of(9), 20_000);

  private void answers(int node, boolean readOnly, List<Integer> led, PipeReport... reports) {
    health.answered(
        node, new HeartbeatResp(new Status(200, ""), node, 0, led, List.of(reports), readOnly));
  }

  @Test
  void aNodeIsUnknownUntilItAnswersAndAgainTwentySecondsAfterItDidLast() {
    assertThat(health.status(1)).isEqualTo(NodeStatus.UNKNOWN);
    answers(1, false, List.of());
    assertThat(health.status(1)).isEqualTo(NodeStatus.RUNNING);
    nowMs.addAndGet(19_999);
    assertThat(health.status(1)).isEqualTo(NodeStatus.RUNNING);
    nowMs.addAndGet(1);
    assertThat(health.status(1)).isEqualTo(NodeStatus.UNKNOWN);
    answers(1, false, List.of());
    assertThat(health.status(1)).isEqualTo(NodeStatus.RUNNING);
  }

  @Test
  void aNodeThatSomebodyHeardShortlyBeforeHasAsLongFromTheStartOn() {
    nowMs.addAndGet(19_999);
    assertThat(health.status(9)).isEqualTo(NodeStatus.RUNNING);
    assertThat(health.running(List.of(9))).isEmpty();
    nowMs.addAndGet(1);
    assertThat(health.status(9)).isEqualTo(NodeStatus.UNKNOWN);
  }

  @Test
  void aReadOnlyNodeIsToldOfPipesButGetsNoRegions() {
    answers(1, true, List.of());
    answers(2, false, List.of());
    assertThat(health.status(1)).isEqualTo(NodeStatus.READ_ONLY);
    assertThat(health.up(List.of(1, 2, 3))).containsExactly(1, 2);
    assertThat(health.running(List.of(1, 2, 3))).containsExactly(2);
  }

  @Test
  void aNodeThatIsSilentForAFewSecondsIsGivenNoLead() {
    answers(1, false, List.of());
    answers(2, true, List.of());
    nowMs.addAndGet(2_999);
    assertThat(health.fresh(List.of(1, 2, 3))).containsExactly(1);
    nowMs.addAndGet(1);
    assertThat(health.status(1)).isEqualTo(NodeStatus.RUNNING);
    assertThat(health.fresh(List.of(1, 2, 3))).isEmpty();
  }

  @Test
  void ofTwoThatSayTheyLeadARegionTheOneOfTheHigherTermDoes() {
    describes(1, true, 4, true);
    describes(2, true, 5, true);
    describes(1, true, 4, true);
    assertThat(leaders()).containsEntry(7, 2);
    describes(2, false, 6, true);
    assertThat(leaders()).containsEntry(7, 1);
    describes(1, true, 7, false);
    assertThat(leaders()).isEmpty();
    describes(1, true, 7, true);
    nowMs.addAndGet(20_000);
    assertThat(leaders()).isEmpty();
  }

  @Test
  void aNodeThatNamesOnlyWhatItLeadsIsBelievedUntilAnotherTellsATerm() {
    answers(1, false, List.of(7));
    assertThat(leaders()).containsEntry(7, 1);
    describes(2, true, 1, true);
    assertThat(leaders()).containsEntry(7, 2);
  }

  private Map<Integer, Integer> leaders() {
    return health.regionLeaders(List.of(REGION));
  }

  private void describes(int node, boolean leads, long term, boolean running) {
    health.answered(
        node,
        new HeartbeatResp(new Status(200, ""), node, 0, List.of(), List.of(), false)
            .setReplicas(
                List.of(
                    new ReplicaState(
                        REGION.uuid().toString(), leads, term, running, List.of(), 0, 0))));
  }

  @Test
  void theWorstReportCountsUntilItsNodeIsUnknown() {
    answers(1, false, List.of(), new PipeReport(5, PipeHealth.ERROR, "refused"));
    nowMs.addAndGet(15_000);
    answers(2, false, List.of(), new PipeReport(5, PipeHealth.WARN, "slow"));
    assertThat(health.worst(5).orElseThrow().getHealth()).isEqualTo(PipeHealth.ERROR);
    nowMs.addAndGet(5_000);
    assertThat(health.worst(5).orElseThrow().getHealth()).isEqualTo(PipeHealth.WARN);
    assertThat(health.worst(6)).isEmpty();
  }
}
