package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReceivedPipesTest {
  private static ReceivedPipe row(
      String name, long createdAtMs, String address, String database, PipeStatus status) {
    return new ReceivedPipe(name, createdAtMs, address, status, database, PipeHealth.NORMAL);
  }

  @Test
  void aPipeRunsWhileAnyOfItsSendersDoes() {
    List<ReceivedPipe> merged =
        ReceivedPipes.merge(
            List.of(
                row("p", 1, "a", "root.v", PipeStatus.STOP),
                row("p", 1, "a", "root.v", PipeStatus.RUNNING).setHealth(PipeHealth.WARN),
                row("p", 1, "a", "root.v", PipeStatus.STOP)));
    assertThat(merged)
        .containsExactly(row("p", 1, "a", "root.v", PipeStatus.RUNNING).setHealth(PipeHealth.WARN));
  }

  @Test
  void ofAPipeMadeAgainTheYoungerCounts() {
    ReceivedPipe old = row("p", 1, "a", "root.v", PipeStatus.RUNNING);
    ReceivedPipe young = row("p", 2, "a", "root.v", PipeStatus.STOP);
    assertThat(ReceivedPipes.merge(List.of(old, young))).containsExactly(young);
    assertThat(ReceivedPipes.merge(List.of(young, old))).containsExactly(young);
  }

  @Test
  void rowsDifferByNameAddressAndDatabaseAndComeByCreation() {
    ReceivedPipe a = row("p", 3, "a", "root.v", PipeStatus.RUNNING);
    ReceivedPipe b = row("p", 2, "b", "root.v", PipeStatus.RUNNING);
    ReceivedPipe c = row("p", 3, "a", "root.w", PipeStatus.RUNNING);
    ReceivedPipe d = row("q", 1, "a", "root.v", PipeStatus.RUNNING);
    assertThat(ReceivedPipes.merge(List.of(a, b, c, d))).containsExactly(d, b, a, c);
  }

  /** RUNNING NORMAL of a sender that is turned away at the door would not be the truth. */
  @Test
  void aRunningPipeWhoseSenderIsRefusedIsInTrouble() {
    assertThat(ReceivedPipes.of(ledger(true), false).getHealth()).isEqualTo(PipeHealth.NORMAL);
    assertThat(ReceivedPipes.of(ledger(true), true).getHealth()).isEqualTo(PipeHealth.ERROR);
    assertThat(ReceivedPipes.of(ledger(false), true).getHealth()).isEqualTo(PipeHealth.NORMAL);
  }

  private static Ledger ledger(boolean running) {
    return new Ledger(
        new Source(new UUID(1, 1), new UUID(2, 2)),
        7,
        1,
        0,
        0,
        Lineage.EMPTY,
        List.of(),
        Map.of(),
        new Ledger.PipeFacts("p", 5, "10.0.0.7", "root.v", running));
  }
}
