package io.sluice.confignode.duty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.ReplicaState;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.DatabaseCommand;
import io.sluice.confignode.core.Images;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.Region;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a region without a leader not looked for, a leader believed in
 * however long it is silent, {@link #aSilentNodeThatLedIsWarnFromAShortGraceOnAndNamed}; old
 * regions given the grace of new ones by a new leader, {@link
 * #aNewConfigNodeLeaderSaysItAtOnceOfAnOldRegion}.
 */
class PipeOutlookTest {
  private static final long PIPE = 5;

  private final AtomicLong nowMs = new AtomicLong(100_000);
  private final AtomicLong epochMs = new AtomicLong(Images.NOW_MS + 3_600_000);
  private final NodeHealth health = new NodeHealth(nowMs::get, List.of(), 20_000);
  private final PipeOutlook outlook =
      new PipeOutlook(health, new DataNodeCalls(100, 100), Runnable::run, epochMs::get);
  private final ClusterImage image =
      Images.after(
          Images.cluster(2),
          new DatabaseCommand.CreateDatabase(
              "root.a", false, 1, List.of(1, 2), List.of(new UUID(1, 1), new UUID(1, 2))));
  private final List<Region> regions = image.databases().liveRegions();

  private void pass(long ms) {
    nowMs.addAndGet(ms);
    epochMs.addAndGet(ms);
    outlookLooks();
  }

  private void answers(int node, List<Integer> led, PipeReport... reports) {
    health.answered(
        node, new HeartbeatResp(new Status(200, ""), node, 0, led, List.of(reports), false));
  }

  private void answersWell(int node) {
    answers(node, List.of(regions.get(node - 1).id()), new PipeReport(PIPE, PipeHealth.NORMAL, ""));
  }

  private PipeReport said(Pipe.Status status) {
    return outlook.of(image, new Pipe(PIPE, "p", "s", 0, 0, false, status, 1));
  }

  private PipeReport said() {
    return said(Pipe.Status.RUNNING);
  }

  @Test
  void allRegionsLedAndReportedIsNormal() {
    answersWell(1);
    answersWell(2);
    assertThat(said()).isEqualTo(new PipeReport(PIPE, PipeHealth.NORMAL, ""));
  }

  @Test
  void aSilentNodeThatLedIsWarnFromAShortGraceOnAndNamed() {
    answersWell(1);
    answersWell(2);
    pass(4_900);
    answersWell(1);
    assertThat(said().getHealth()).as("an election takes a moment").isEqualTo(PipeHealth.NORMAL);
    pass(200);
    assertThat(said().getHealth()).isEqualTo(PipeHealth.WARN);
    assertThat(said().getCause())
        .contains("region " + regions.get(1).id() + " of root.a")
        .contains("DataNode 2 (127.0.0.1:10731), silent for 5 s");
    pass(100_000);
    answersWell(1);
    assertThat(said().getHealth()).as("also when it is Unknown").isEqualTo(PipeHealth.WARN);
    answersWell(2);
    assertThat(said().getHealth()).as("until it is back").isEqualTo(PipeHealth.NORMAL);
  }

  @Test
  void aNodeThatAnswersButDoesNotLeadIsNoLeader() {
    answersWell(1);
    answersWell(2);
    for (int i = 0; i < 6; i++) {
      pass(1_000);
      answersWell(1);
      HeartbeatResp ended =
          new HeartbeatResp(new Status(200, ""), 2, 0, List.of(), List.of(), false);
      ended.setReplicas(
          List.of(
              new ReplicaState(
                  regions.get(1).uuid().toString(), false, 3, false, List.of(), 10, 10)));
      health.answered(2, ended);
    }
    assertThat(said().getHealth()).isEqualTo(PipeHealth.WARN);
    assertThat(said().getCause()).contains("where its Raft server has ended");
  }

  @Test
  void aNewConfigNodeLeaderSaysItAtOnceOfAnOldRegion() {
    answersWell(1);
    assertThat(said().getHealth()).isEqualTo(PipeHealth.WARN);
    assertThat(said().getCause()).contains("which has not been heard");
  }

  @Test
  void aRegionMadeJustNowMayBeWithoutLeaderForAMoment() {
    epochMs.set(regions.get(0).createdAtMs() + 1_000);
    assertThat(said().getHealth()).isEqualTo(PipeHealth.NORMAL);
    pass(5_000);
    assertThat(said().getHealth()).isEqualTo(PipeHealth.WARN);
  }

  @Test
  void aLeaderThatDoesNotReportThePipeIsSaid() {
    for (int i = 0; i < 7; i++) {
      answersWell(1);
      answers(2, List.of(regions.get(1).id()));
      assertThat(said().getHealth()).isEqualTo(i < 5 ? PipeHealth.NORMAL : PipeHealth.WARN);
      outlookLooks();
      pass(1_000);
    }
    assertThat(said().getCause()).contains("DataNode 2 has not taken the pipe over yet");
    answersWell(2);
    outlookLooks();
    assertThat(said().getHealth()).isEqualTo(PipeHealth.NORMAL);
  }

  private void outlookLooks() {
    health.lookAtPipes(List.of(PIPE), regions.stream().map(Region::id).toList());
  }

  @Test
  void theWorstWordCountsAndBothAreSaidAndAStoppedPipeIsWell() {
    answers(
        1,
        List.of(regions.get(0).id()),
        new PipeReport(PIPE, PipeHealth.ERROR, "REFUSED: white list"));
    assertThat(said().getHealth()).isEqualTo(PipeHealth.ERROR);
    assertThat(said().getCause()).contains("white list").contains("has no leader");
    assertThat(said(Pipe.Status.STOP)).isEqualTo(new PipeReport(PIPE, PipeHealth.NORMAL, ""));
  }
}
